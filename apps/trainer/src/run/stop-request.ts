import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Time in which a second signal is a duplicate: the terminal sends it to npm and its child, and npm forwards it. */
const DUPLICATE_SIGNAL_MS = 500;

/** Reason to end a run early. */
export type StopReason = (typeof SIGNALS)[number] | "closed output" | "failed output";

/** Dependencies of a stop request; default: those of this process. */
interface Dependencies {
  readonly signals?: NodeJS.EventEmitter;
  readonly quit?: (status: number) => void;
  /** Clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Listens for requests to end the run, which checks `reason` before each iteration. A second signal ends the process,
 * but not before the event loop runs again: TensorFlow.js may block it.
 */
export class StopRequest {
  #reason: StopReason | undefined;
  #requestedAt = 0;
  #outputError: Error | undefined;
  readonly #output: NodeJS.EventEmitter;
  readonly #onRequest: (reason: StopReason) => void;
  readonly #signals: NodeJS.EventEmitter;
  readonly #quit: (status: number) => void;
  readonly #now: () => number;

  /**
   * @param output - stream that displays the run; an error of it is a request too.
   * @param onRequest - called with the first request.
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

  /** The error of the output, unless its reader has closed it. */
  get outputError(): Error | undefined {
    return this.#outputError;
  }

  dispose(): void {
    for (const signal of SIGNALS) this.#signals.off(signal, this.#onSignal);
    this.#output.off("error", this.#onOutputError);
  }

  readonly #onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (this.#reason === undefined) this.#request(signal);
    else if (this.#now() - this.#requestedAt > DUPLICATE_SIGNAL_MS) this.#quit(signalStatus(signal));
  };

  readonly #onOutputError = (error: NodeJS.ErrnoException): void => {
    const isClosed = error.code === "EPIPE";
    if (!isClosed) this.#outputError ??= error;
    this.#request(isClosed ? "closed output" : "failed output");
  };

  #request(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#requestedAt = this.#now();
    this.#onRequest(reason);
  }
}

/** Returns the exit status of a process that was ended by a signal, as in shells. */
export function signalStatus(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
