/** Longest time for a run to notice, between two iterations, an error that nobody caught; after that it hangs. */
const TIMEOUT_MS = 10_000;

/** How to watch. */
export type CrashWatchOptions = {
  /** Where errors arrive that nobody catches; default: this process. */
  readonly events?: NodeJS.EventEmitter | undefined;
  /** Milliseconds from an error until `stuck` rejects; default: 10 seconds. */
  readonly timeout?: number | undefined;
};

/**
 * Notes errors that nobody catches, which would end the process at once, so that a run can save what it has first:
 *
 *     const crash = new CrashWatch();
 *     const training = await createTraining({ network, task, iterations: 1000 });
 *     const onProgress = (progress) => (run.progress(progress), crash.check());
 *     try {
 *       await Promise.race([training.run({ ...run.callbacks, onProgress }), crash.stuck]);
 *     } catch (error) {
 *       throw await run.fail(error, training);
 *     } finally {
 *       crash.dispose();
 *     }
 */
export class CrashWatch {
  /** Rejects with the error if the run has not ended by itself some time after it. */
  readonly stuck: Promise<never>;
  readonly #events: NodeJS.EventEmitter;
  readonly #timeout: number;
  #crash: { readonly error: unknown } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reject!: (error: unknown) => void;

  /**
   * Starts to watch.
   *
   * @param options - What to watch, and how long a run may take to notice.
   */
  constructor(options: CrashWatchOptions = {}) {
    const { events = process, timeout = TIMEOUT_MS } = options;
    this.#events = events;
    this.#timeout = timeout;
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

  /**
   * Checks that there was none; called now and then.
   *
   * @throws The error, if there was one.
   */
  check(): void {
    if (this.#crash) throw this.#crash.error;
  }

  /** Stops watching: errors that nobody catches end the process again. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#events.off("uncaughtException", this.#onError);
  }

  readonly #onError = (error: unknown): void => {
    if (this.#crash) return;
    this.#crash = { error };
    this.#timer = setTimeout(() => this.#reject(error), this.#timeout);
  };
}
