import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A second signal that comes within this many milliseconds is the first one again: npm passes on to its child what the
 * terminal has already sent to both.
 */
const SAME_SIGNAL = 500;

/** Why a run should end before its time. */
export type StopReason = (typeof SIGNALS)[number] | "closed output" | "failed output";

/** What the listening depends on; a process by default. */
interface Surroundings {
  readonly signals?: NodeJS.EventEmitter;
  readonly quit?: (status: number) => void;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Listens for the wish to end; asked once an iteration. A second signal ends the process at once, as soon as
 * JavaScript gets to see it: while TensorFlow.js computes on this thread nothing does.
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
   * @param output - where the run is shown; if nobody reads it any more, or it takes no more, that is a wish to end too.
   * @param onRequest - told once.
   */
  constructor(
    output: NodeJS.EventEmitter,
    onRequest: (reason: StopReason) => void,
    { signals = process, quit = process.exit, now = () => performance.now() }: Surroundings = {},
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

  /** Why the output takes no more, if its reader is still there. */
  get outputError(): Error | undefined {
    return this.#outputError;
  }

  dispose(): void {
    for (const signal of SIGNALS) this.#signals.off(signal, this.#onSignal);
    this.#output.off("error", this.#onOutputError);
  }

  readonly #onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (this.#reason === undefined) this.#request(signal);
    else if (this.#now() - this.#when > SAME_SIGNAL) this.#quit(signalStatus(signal));
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
