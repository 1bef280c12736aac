import type { Output } from "./reporter.js";

/** Columns of a terminal of unknown width. */
const DEFAULT_COLUMNS = 80;

/** Interval between updates, in milliseconds. */
const INTERVAL_MS = 100;

/** Moves to the first column and clears the line. */
const CLEAR = "\r\x1b[2K";

/** Last line of a terminal, which is rewritten. */
export class LiveLine {
  readonly #output: Output;
  readonly #now: () => number;
  #shownAt = Number.NEGATIVE_INFINITY;
  #isShown = false;

  /** @param now - clock in milliseconds. */
  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  get columns(): number {
    return this.#output.columns || DEFAULT_COLUMNS;
  }

  /** Shows a text, at most once per update interval. */
  show(text: (width: number) => string): void {
    const now = this.#now();
    if (now - this.#shownAt < INTERVAL_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    const width = this.columns - 1;
    this.#output.write(CLEAR + text(width).slice(0, Math.max(0, width)));
  }

  clear(): void {
    if (this.#isShown) this.#output.write(CLEAR);
    this.#isShown = false;
  }
}
