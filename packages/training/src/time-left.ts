/** Standard in Node.js and browsers; the types of neither are loaded here. */
declare const performance: { now(): number };

/**
 * Estimates how long a run will take, at the rate of this process without its first iteration, which is slow.
 *
 *     const timeLeft = new TimeLeft(1000);
 *     await train({ ...parts, iterations: 1000, onProgress: ({ step }) => console.log(timeLeft.after(step), "s left") });
 */
export class TimeLeft {
  readonly #totalSteps: number;
  readonly #firstStep: number;
  readonly #now: () => number;
  readonly #began: number;
  #warm: { readonly step: number; readonly time: number } | undefined;

  /**
   * Starts the clock.
   *
   * @param totalSteps - Iterations of the run.
   * @param firstStep - Those before this process; default: 0.
   * @param now - A clock in seconds; default: the process's.
   */
  constructor(totalSteps: number, firstStep = 0, now: () => number = () => performance.now() / 1000) {
    this.#totalSteps = totalSteps;
    this.#firstStep = firstStep;
    this.#now = now;
    this.#began = now();
  }

  /**
   * Estimates the time that is left after an iteration; called after each.
   *
   * @param step - Iterations done since the run began.
   * @returns seconds.
   */
  after(step: number): number {
    const now = this.#now();
    const { step: from, time } = this.#warm ?? { step: this.#firstStep, time: this.#began };
    this.#warm ??= { step, time: now };
    const rate = step > from ? (now - time) / (step - from) : (now - this.#began) / (step - this.#firstStep);
    return (this.#totalSteps - step) * rate;
  }
}
