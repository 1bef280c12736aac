import { duration, percentage } from "./format.js";
import type { Output } from "./reporter.js";

/** Work that takes less time shows no progress, in milliseconds. */
const PATIENCE = 1000;
/** Interval between updates, in milliseconds: on a terminal, where the line is rewritten, and elsewhere. */
const REWRITTEN = 100;
const LASTING = 10_000;
/** Back to the first column, and nothing after it. */
const CLEAR_LINE = "\r\x1b[2K";
const DEFAULT_COLUMNS = 80;

/** Shows the progress of long work on standard error: a line that is rewritten on a terminal, elsewhere a line now and then. */
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
   * Shows progress; called after every piece of the work.
   *
   * @param share - of the work that is done, in (0, 1].
   * @param state - of the work, in words.
   */
  show(share: number, state: string): void {
    const now = this.#now();
    const since = this.#shownAt === undefined ? Number.POSITIVE_INFINITY : now - this.#shownAt;
    if (
      (share >= 1 && !this.#isTerminal) ||
      now - this.#began < PATIENCE ||
      since < (this.#isTerminal ? REWRITTEN : LASTING)
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
