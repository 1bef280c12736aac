/** How long a run may take to notice, between two iterations, what nobody caught; after that it hangs. */
const PATIENCE_MILLISECONDS = 10_000;

/** What the watching depends on; this process by default. */
interface Surroundings {
  readonly events?: NodeJS.EventEmitter;
  readonly patience?: number;
}

/** Hears of errors that nobody catches, which would end the process at once: a run can save what it has before that. */
export class CrashWatch {
  /** Rejects with the error if the run has not ended by itself some time after it. */
  readonly stuck: Promise<never>;
  readonly #events: NodeJS.EventEmitter;
  readonly #patience: number;
  #crash: { readonly error: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reject!: (error: unknown) => void;

  constructor({ events = process, patience = PATIENCE_MILLISECONDS }: Surroundings = {}) {
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
