import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A second signal that comes within this many milliseconds is the first one again: npm passes on to its child what the
 * terminal has already sent to both.
 */
const SAME_SIGNAL = 500;

/** Why a run should end before its time. */
export type StopReason = (typeof SIGNALS)[number] | "closed output";

/** Listens for the wish to end; asked once an iteration. */
export class StopRequest {
  #reason: StopReason | undefined;
  #when = 0;
  readonly #onRequest: (reason: StopReason) => void;
  readonly #output: NodeJS.EventEmitter;

  /**
   * @param output - where the run is shown; if nobody reads it any more, that is a wish to end too.
   * @param onRequest - told once.
   */
  constructor(output: NodeJS.EventEmitter, onRequest: (reason: StopReason) => void) {
    this.#output = output;
    this.#onRequest = onRequest;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    output.on("error", this.#onClosed);
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    this.#output.off("error", this.#onClosed);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#reason === undefined) this.#request(signal as StopReason);
    else if (performance.now() - this.#when > SAME_SIGNAL) process.exit(signalStatus(signal));
  };

  readonly #onClosed = (): void => this.#request("closed output");

  #request(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#when = performance.now();
    this.#onRequest(reason);
  }
}

/** The exit status that shells give to a process ended by a signal. */
export function signalStatus(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
