import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A second signal within this time is a duplicate: npm forwards to its child what the terminal has sent to both. */
const DUPLICATE_SIGNAL_MS = 500;

/** Why a run should end early. */
export type StopReason = (typeof SIGNALS)[number] | "closed output" | "failed output";

/** What it depends on; default: this process. */
interface Dependencies {
  readonly signals?: NodeJS.EventEmitter;
  readonly quit?: (status: number) => void;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Listens for requests to end the run; checked before each iteration. A second signal ends the process, as soon as
 * JavaScript can handle it, which it cannot while TensorFlow.js computes on this thread.
 */
export class StopRequest {
  #reason: StopReason | undefined;
  #when = 0;
  #outputError: Error | undefined;
  readonly #output: NodeJS.EventEmitter;
  readonly #onRequest: (reason: StopReason) => void;
  readonly #signals: NodeJS.EventEmitter;
  readonly #quit: (status: number) => void;
  readonly #now: () => number;

  /**
   * @param output - where the run is shown; if it is closed or fails, that is a request to end too.
   * @param onRequest - called once.
   */
  constructor(
    output: NodeJS.EventEmitter,
    onRequest: (reason: StopReason) => void,
    { signals = process, quit = process.exit, now = () => performance.now() }: Dependencies = {},
  ) {
    this.#output = output;
    this.#onRequest = onRequest;
    this.#signals = signals;
    this.#quit = quit;
    this.#now = now;
    for (const signal of SIGNALS) signals.on(signal, this.#onSignal);
    output.on("error", this.#onOutputError);
  }

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Why the output failed, if its reader is still there. */
  get outputError(): Error | undefined {
    return this.#outputError;
  }

  dispose(): void {
    for (const signal of SIGNALS) this.#signals.off(signal, this.#onSignal);
    this.#output.off("error", this.#onOutputError);
  }

  readonly #onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (this.#reason === undefined) this.#request(signal);
    else if (this.#now() - this.#when > DUPLICATE_SIGNAL_MS) this.#quit(signalStatus(signal));
  };

  readonly #onOutputError = (error: NodeJS.ErrnoException): void => {
    const left = error.code === "EPIPE";
    if (!left) this.#outputError ??= error;
    this.#request(left ? "closed output" : "failed output");
  };

  #request(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#when = this.#now();
    this.#onRequest(reason);
  }
}

/** The exit status that shells give to a process ended by a signal. */
export function signalStatus(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
