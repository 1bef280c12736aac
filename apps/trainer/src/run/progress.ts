/** Where a run stands, at any iteration. */
export interface Progress {
  /** Iterations done since the run began. */
  readonly step: number;
  /** Iterations to do in all. */
  readonly of: number;
  /** Mean over the interval so far, nats per sequence. */
  readonly loss: number;
  /** Share of the interval's sequences without a wrong bit. */
  readonly exactMatch: number;
  /** Mean over the interval so far, before clipping. */
  readonly gradientNorm: number;
  /** Iterations of the interval so far. */
  readonly iterations: number;
  /** Of the interval so far. */
  readonly iterationsPerSecond: number;
  /** At the rate of the run since this process took it up. */
  readonly secondsLeft: number;
  /** Since the run began. */
  readonly seconds: number;
}

/** What one iteration adds. */
export interface Iteration {
  readonly loss: number;
  readonly globalNorm: number;
  /** Sequences of the batch without a wrong bit. */
  readonly exactMatch: number;
  readonly sequences: number;
}

/** Seconds; keeps rates finite. */
const CLOCK_TICK = 1e-6;

/** What has been summed since the last report. */
export type IntervalSums = ReturnType<typeof noSums>;

/** Where the sums of a run stand: plain data for a checkpoint. */
export interface MeansState {
  /** Iterations done since the run began. */
  readonly step: number;
  /** Spent on them. */
  readonly seconds: number;
  readonly interval: IntervalSums;
}

/** Sums over one report interval after the other. Every sequence counts once: batches are always fresh. */
export class IntervalMeans {
  readonly #of: number;
  readonly #now: () => number;
  readonly #began: number;
  /** Where the run stood when this process took it up. */
  readonly #before: MeansState;
  #since: number;
  #step: number;
  #warm: number | undefined;
  #sums: IntervalSums;
  /** Iterations of the interval that this process has not timed. */
  #untimed: number;

  /**
   * @param of - iterations to do in all.
   * @param before - where the run stands already.
   * @param now - a clock in seconds.
   */
  constructor(of: number, before = beginning(), now: () => number = () => performance.now() / 1000) {
    this.#of = of;
    this.#now = now;
    this.#began = this.#since = now();
    this.#before = before;
    this.#step = this.#before.step;
    this.#sums = { ...this.#before.interval };
    this.#untimed = this.#sums.iterations;
  }

  /** Iterations since the last `restart`. */
  get iterations(): number {
    return this.#sums.iterations;
  }

  /** What `before` takes to go on from here. */
  get state(): MeansState {
    return { step: this.#step, seconds: this.#seconds(this.#now()), interval: { ...this.#sums } };
  }

  add({ loss, globalNorm, exactMatch, sequences }: Iteration): void {
    this.#step++;
    this.#warm ??= this.#now();
    this.#sums.iterations++;
    this.#sums.loss += loss;
    this.#sums.gradientNorm += globalNorm;
    this.#sums.exactMatch += exactMatch;
    this.#sums.sequences += sequences;
  }

  /** Where the run stands; NaN where nothing has been added yet. */
  progress(): Progress {
    const { iterations, loss, gradientNorm, exactMatch, sequences } = this.#sums;
    const now = this.#now();
    return {
      step: this.#step,
      of: this.#of,
      loss: loss / iterations,
      exactMatch: exactMatch / sequences,
      gradientNorm: gradientNorm / iterations,
      iterations,
      iterationsPerSecond: (iterations - this.#untimed) / Math.max(now - this.#since, CLOCK_TICK),
      secondsLeft: (this.#of - this.#step) * this.#secondsAnIteration(now),
      seconds: this.#seconds(now),
    };
  }

  #seconds(now: number): number {
    return this.#before.seconds + now - this.#began;
  }

  /** In this process, without its first iteration, which is slow, once there is another one. */
  #secondsAnIteration(now: number): number {
    const done = this.#step - this.#before.step;
    if (done < 2 || this.#warm === undefined) return (now - this.#began) / done;
    return (now - this.#warm) / (done - 1);
  }

  /** Begins the next interval; the time since the last `progress` is in neither's rate. */
  restart(): void {
    this.#since = this.#now();
    this.#sums = noSums();
    this.#untimed = 0;
  }
}

/** Where the sums stand before the first iteration. */
export function beginning(): MeansState {
  return { step: 0, seconds: 0, interval: noSums() };
}

function noSums() {
  return { iterations: 0, loss: 0, gradientNorm: 0, exactMatch: 0, sequences: 0 };
}
