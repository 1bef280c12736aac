/** Where a run stands, at any iteration. */
export interface Progress {
  /** Iterations done since the run began. */
  readonly step: number;
  /** Iterations to do in all. */
  readonly of: number;
  /** Mean over the interval so far, nats a sequence. */
  readonly loss: number;
  /** Share of the interval's sequences without a wrong bit. */
  readonly solved: number;
  /** Mean over the interval so far, before clipping. */
  readonly gradientNorm: number;
  /** Iterations of the interval so far. */
  readonly iterations: number;
  /** Of the interval so far. */
  readonly iterationsPerSecond: number;
  /** At the rate of the whole run. */
  readonly secondsLeft: number;
  /** Since the run began. */
  readonly seconds: number;
}

/** What one iteration adds. */
export interface Iteration {
  readonly loss: number;
  readonly globalNorm: number;
  /** Sequences of the batch without a wrong bit. */
  readonly solved: number;
  readonly sequences: number;
}

/** Seconds; keeps rates finite. */
const CLOCK_TICK = 1e-6;

/** Sums over one report interval after the other. Every sequence counts once: batches are always fresh. */
export class IntervalMeans {
  readonly #of: number;
  readonly #now: () => number;
  readonly #began: number;
  #since: number;
  #step = 0;
  #warm: number | undefined;
  #sums = noSums();

  /**
   * @param of - iterations to do in all.
   * @param now - a clock in seconds.
   */
  constructor(of: number, now: () => number = () => performance.now() / 1000) {
    this.#of = of;
    this.#now = now;
    this.#began = this.#since = now();
  }

  /** Iterations since the last `restart`. */
  get iterations(): number {
    return this.#sums.iterations;
  }

  /** What has been summed, as plain data for a checkpoint. */
  get sums(): Readonly<Record<string, number>> {
    return { ...this.#sums };
  }

  add({ loss, globalNorm, solved, sequences }: Iteration): void {
    this.#step++;
    this.#warm ??= this.#now();
    this.#sums.iterations++;
    this.#sums.loss += loss;
    this.#sums.gradientNorm += globalNorm;
    this.#sums.solved += solved;
    this.#sums.sequences += sequences;
  }

  /** Where the run stands; NaN where nothing has been added yet. */
  progress(): Progress {
    const { iterations, loss, gradientNorm, solved, sequences } = this.#sums;
    const now = this.#now();
    const seconds = now - this.#began;
    return {
      step: this.#step,
      of: this.#of,
      loss: loss / iterations,
      solved: solved / sequences,
      gradientNorm: gradientNorm / iterations,
      iterations,
      iterationsPerSecond: iterations / Math.max(now - this.#since, CLOCK_TICK),
      secondsLeft: (this.#of - this.#step) * this.#secondsAnIteration(now),
      seconds,
    };
  }

  /** Over the whole run without its first iteration, which is slow, once there is another one. */
  #secondsAnIteration(now: number): number {
    if (this.#step < 2 || this.#warm === undefined) return (now - this.#began) / this.#step;
    return (now - this.#warm) / (this.#step - 1);
  }

  /** Begins the next interval; the time since the last `progress` is in neither's rate. */
  restart(): void {
    this.#since = this.#now();
    this.#sums = noSums();
  }
}

function noSums() {
  return { iterations: 0, loss: 0, gradientNorm: 0, solved: 0, sequences: 0 };
}
