import { duration, percentage } from "./format.js";
import type { Output } from "./reporter.js";

/** Delay before progress is shown, in milliseconds; shorter work shows none. */
const SHOW_AFTER_MS = 1000;
/** Intervals between updates, in milliseconds: on a terminal, where the line is redrawn, and elsewhere. */
const REDRAW_MS = 100;
const LINE_INTERVAL_MS = 10_000;
/** Escape sequence that clears the line. */
const CLEAR_LINE = "\r\x1b[2K";
const DEFAULT_COLUMNS = 80;

/**
 * Shows the progress of long work on standard error: one line that is redrawn on a terminal, elsewhere an occasional
 * line.
 */
export class WorkProgress {
  readonly #what: string;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #began: number;
  readonly #isTerminal: boolean;
  #shownAt: number | undefined;

  /**
   * @param what - name of the work: `map`.
   * @param now - a clock in milliseconds.
   */
  constructor(what: string, output: Output = process.stderr, now: () => number = () => performance.now()) {
    this.#what = what;
    this.#output = output;
    this.#now = now;
    this.#began = now();
    this.#isTerminal = output.isTTY === true && process.env.TERM !== "dumb";
  }

  /**
   * Shows progress; called after every part of the work.
   *
   * @param share - fraction of the work that is done, in (0, 1].
   * @param state - state of the work, in words.
   */
  show(share: number, state: string): void {
    const now = this.#now();
    const since = this.#shownAt === undefined ? Number.POSITIVE_INFINITY : now - this.#shownAt;
    if (
      (share >= 1 && !this.#isTerminal) ||
      now - this.#began < SHOW_AFTER_MS ||
      since < (this.#isTerminal ? REDRAW_MS : LINE_INTERVAL_MS)
    )
      return;
    this.#shownAt = now;
    const left = ((now - this.#began) / 1000) * (1 / share - 1);
    const line = `${this.#what}: ${state}, ${percentage(share)}, ${duration(left)} left`;
    if (!this.#isTerminal) this.#output.write(`dnc: ${line}\n`);
    else this.#output.write(`${CLEAR_LINE}${line.slice(0, (this.#output.columns || DEFAULT_COLUMNS) - 1)}`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#isTerminal && this.#shownAt !== undefined) this.#output.write(CLEAR_LINE);
  }
}
