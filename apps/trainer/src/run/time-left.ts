/** Estimates how long a run will take, at the rate of this process without its first iteration, which is slow. */
export class TimeLeft {
  readonly #totalSteps: number;
  readonly #firstStep: number;
  readonly #now: () => number;
  readonly #began: number;
  #warm: { readonly step: number; readonly time: number } | undefined;

  /**
   * @param totalSteps - iterations of the run.
   * @param firstStep - those before this process.
   * @param now - a clock in seconds.
   */
  constructor(totalSteps: number, firstStep: number, now: () => number = () => performance.now() / 1000) {
    this.#totalSteps = totalSteps;
    this.#firstStep = firstStep;
    this.#now = now;
    this.#began = now();
  }

  /** Seconds that are left after an iteration; called after each. */
  after(step: number): number {
    const now = this.#now();
    const { step: from, time } = this.#warm ?? { step: this.#firstStep, time: this.#began };
    this.#warm ??= { step, time: now };
    const rate = step > from ? (now - time) / (step - from) : (now - this.#began) / (step - this.#firstStep);
    return (this.#totalSteps - step) * rate;
  }
}
