/** Longest time for a run to notice, between two iterations, an error that nobody caught; after that it hangs. */
const TIMEOUT_MS = 10_000;

/** What it listens to; default: this process. */
interface Dependencies {
  readonly events?: NodeJS.EventEmitter;
  readonly patience?: number;
}

/** Notes errors that nobody catches, which would end the process at once, so that a run can save what it has first. */
export class CrashWatch {
  /** Rejects with the error if the run has not ended by itself some time after it. */
  readonly stuck: Promise<never>;
  readonly #events: NodeJS.EventEmitter;
  readonly #patience: number;
  #crash: { readonly error: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reject!: (error: unknown) => void;

  constructor({ events = process, patience = TIMEOUT_MS }: Dependencies = {}) {
    this.#events = events;
    this.#patience = patience;
    this.stuck = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Nobody may be waiting.
    this.stuck.catch(() => {});
    // Rejections that nobody handles come here too.
    events.on("uncaughtException", this.#onError);
  }

  /** Whether there was one; the first counts. */
  get hasCrashed(): boolean {
    return this.#crash !== undefined;
  }

  /** @throws the error, if there was one. */
  check(): void {
    if (this.#crash) throw this.#crash.error;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#events.off("uncaughtException", this.#onError);
  }

  readonly #onError = (error: unknown): void => {
    if (this.#crash) return;
    this.#crash = { error };
    this.#timer = setTimeout(() => this.#reject(error), this.#patience);
  };
}
