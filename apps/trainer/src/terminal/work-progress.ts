import { duration, percentage } from "./format.js";
import { LiveLine } from "./live-line.js";
import type { Output } from "./reporter.js";

/** Delay before progress is shown, in milliseconds; shorter work shows none. */
const SHOW_AFTER_MS = 1000;
/** Interval between lines where none is redrawn, in milliseconds. */
const LINE_INTERVAL_MS = 10_000;

/**
 * Shows the progress of long work on standard error: one line that is redrawn on a terminal, elsewhere an occasional
 * line.
 */
export class WorkProgress {
  readonly #what: string;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #began: number;
  readonly #line: LiveLine | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;

  /**
   * @param what - name of the work: `map`.
   * @param now - a clock in milliseconds.
   */
  constructor(what: string, output: Output = process.stderr, now: () => number = () => performance.now()) {
    this.#what = what;
    this.#output = output;
    this.#now = now;
    this.#began = now();
    if (output.isTTY === true && process.env.TERM !== "dumb") this.#line = new LiveLine(output, now);
  }

  /**
   * Shows progress; called after every part of the work.
   *
   * @param share - fraction of the work that is done, in (0, 1].
   * @param state - state of the work, in words.
   */
  show(share: number, state: string): void {
    const now = this.#now();
    if (now - this.#began < SHOW_AFTER_MS) return;
    const left = ((now - this.#began) / 1000) * (1 / share - 1);
    const line = `${this.#what}: ${state}, ${percentage(share)}, ${duration(left)} left`;
    if (this.#line) this.#line.show(() => line);
    else if (share < 1 && now - this.#shownAt >= LINE_INTERVAL_MS) {
      this.#shownAt = now;
      this.#output.write(`dnc: ${line}\n`);
    }
  }

  /** Clears the line. */
  end(): void {
    this.#line?.clear();
  }
}
