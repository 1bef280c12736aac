import { duration, percentage } from "./format.js";
import { LiveLine } from "./live-line.js";
import type { Output } from "./reporter.js";
import { fitted } from "./text-width.js";

/** Delay before progress is shown, in milliseconds; shorter work shows none. */
const SHOW_AFTER_MS = 1000;
/** Interval between lines without a terminal, in milliseconds. */
const LINE_INTERVAL_MS = 10_000;

/** Shows the progress of long work on standard error: a live line on a terminal, elsewhere a line every 10 seconds. */
export class WorkProgress {
  readonly #name: string;
  readonly #output: Output;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #line: LiveLine | undefined;
  #shownAt = Number.NEGATIVE_INFINITY;

  /**
   * @param name - name of the work: `map`.
   * @param output - stream to write to; default: standard error.
   * @param now - clock in milliseconds; default: that of this process.
   */
  constructor(name: string, output: Output = process.stderr, now: () => number = () => performance.now()) {
    this.#name = name;
    this.#output = output;
    this.#now = now;
    this.#startedAt = now();
    if (output.isTTY === true && process.env.TERM !== "dumb") this.#line = new LiveLine(output, now);
  }

  /**
   * Shows progress; called after every part of the work.
   *
   * @param fraction - fraction of the work that is done, in (0, 1].
   * @param state - state of the work, as text.
   */
  show(fraction: number, state: string): void {
    const now = this.#now();
    if (now - this.#startedAt < SHOW_AFTER_MS) return;
    const left = ((now - this.#startedAt) / 1000) * (1 / fraction - 1);
    const line = `${this.#name}: ${state}, ${percentage(fraction)}, ${duration(left)} left`;
    if (this.#line) this.#line.show((width) => fitted(line, width, { fill: false }));
    else if (fraction < 1 && now - this.#shownAt >= LINE_INTERVAL_MS) {
      this.#shownAt = now;
      this.#output.write(`dnc: ${line}\n`);
    }
  }

  /** Clears the line. */
  end(): void {
    this.#line?.clear();
  }
}
