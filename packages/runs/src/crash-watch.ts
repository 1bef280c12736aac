/** Time in which a run should notice an uncaught error, after an iteration; later it counts as stuck. */
const TIMEOUT_MS = 10_000;

/** An emitter of errors that nobody caught. */
export type ErrorEvents = {
  /**
   * Adds a listener.
   *
   * @param event - Name of the event.
   * @param listener - Called with the error.
   */
  on(event: "uncaughtException", listener: (error: unknown) => void): unknown;
  /**
   * Removes a listener.
   *
   * @param event - Name of the event.
   * @param listener - Called with the error.
   */
  off(event: "uncaughtException", listener: (error: unknown) => void): unknown;
};

/** Options of `CrashWatch`. */
export type CrashWatchOptions = {
  /** Emitter of `uncaughtException` events, such as Node's `EventEmitter`; default: this process. */
  readonly events?: ErrorEvents | undefined;
  /** Milliseconds from an error until `stuck` rejects; default: 10000. */
  readonly timeout?: number | undefined;
};

/**
 * Records uncaught errors, which would end the process at once, so that the run can be saved first:
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
  /** Rejects with the first uncaught error if the run has not ended within `timeout` after it. */
  readonly stuck: Promise<never>;
  readonly #events: ErrorEvents;
  readonly #timeout: number;
  #crash: { readonly error: unknown } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reject!: (error: unknown) => void;

  /**
   * Starts watching.
   *
   * @param options - Source of the events, and timeout.
   */
  constructor(options: CrashWatchOptions = {}) {
    const { events = process, timeout = TIMEOUT_MS } = options;
    this.#events = events;
    this.#timeout = timeout;
    this.stuck = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Without a handler, a rejection that nobody awaits would be another uncaught error.
    this.stuck.catch(() => {});
    // Node reports unhandled rejections here too.
    events.on("uncaughtException", this.#onError);
  }

  /** Whether there was an uncaught error. */
  get hasCrashed(): boolean {
    return this.#crash !== undefined;
  }

  /**
   * Checks that there was no uncaught error; call it after every iteration.
   *
   * @throws The first uncaught error.
   */
  check(): void {
    if (this.#crash) throw this.#crash.error;
  }

  /** Stops watching: uncaught errors end the process again. */
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
