declare const performance: { now(): number };

/** How long the steps in flight may take together: a stop waits for them. */
const MAX_FLIGHT_MS = 500;

/** Shortest time of a step that is assumed; bounds the limit. */
const MIN_STEP_MS = 0.01;

/** The batch of a step in flight. */
export type BatchInFlight = {
  /** Number of sequences. */
  readonly batchSize: number;
  /** Index of its lesson; 0 without lessons. */
  readonly lesson: number;
};

/**
 * The training steps that were started and whose results have not been read. An engine that computes asynchronously accepts
 * steps much faster than it runs them; the limit bounds how far it may fall behind. It is the number of steps that take half a
 * second at the speed of the last results, and 1 before the first.
 */
export class StepsInFlight {
  readonly #batches: BatchInFlight[] = [];
  #limit = 1;
  #began = 0;

  /** Whether results must be read before another step is started. */
  get isFull(): boolean {
    return this.#batches.length >= this.#limit;
  }

  /** Notes that a step is about to be started; call `add` afterwards. */
  begin(): void {
    if (this.#batches.length === 0) this.#began = performance.now();
  }

  /**
   * Adds a step that was started.
   *
   * @param batch - Number of sequences of its batch, and its lesson.
   */
  add(batch: BatchInFlight): void {
    this.#batches.push(batch);
  }

  /**
   * Sets the limit from the time that the steps in flight have taken. Call it once all of them have finished, before `remove`.
   */
  measure(): void {
    const steps = this.#batches.length;
    if (steps === 0) return;
    const stepMs = Math.max((performance.now() - this.#began) / steps, MIN_STEP_MS);
    this.#limit = Math.max(1, Math.floor(MAX_FLIGHT_MS / stepMs));
  }

  /** Removes the oldest step and returns what its batch was. */
  remove(): BatchInFlight {
    return this.#batches.shift() as BatchInFlight;
  }
}
