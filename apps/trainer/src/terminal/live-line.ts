import { stripVTControlCharacters } from "node:util";
import type { Output } from "./reporter.js";
import { textWidth } from "./text-width.js";

/** Columns of a terminal of unknown width. */
const DEFAULT_COLUMNS = 80;

/** Interval between updates, in milliseconds. */
const INTERVAL_MS = 200;

/** Columns that stay free at the end of the line: for the cursor, and for what the terminal shows of Ctrl-C. */
const FREE_COLUMNS = 3;

const CLEAR_TO_END_OF_LINE = "\x1b[K";
const CLEAR_TO_END_OF_SCREEN = "\x1b[J";

/** Last line of a terminal, which is rewritten without being cleared first, so that it does not flicker. */
export class LiveLine {
  readonly #output: Output;
  readonly #now: () => number;
  #shownAt = Number.NEGATIVE_INFINITY;
  #shown = "";

  /** @param now - clock in milliseconds. */
  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  get columns(): number {
    return this.#output.columns || DEFAULT_COLUMNS;
  }

  /**
   * Shows a text, at most once per update interval.
   *
   * @param text - returns a text of at most `width` columns, which may have styles.
   */
  show(text: (width: number) => string): void {
    const now = this.#now();
    if (now - this.#shownAt < INTERVAL_MS) return;
    this.#shownAt = now;
    const shown = text(Math.max(0, this.columns - FREE_COLUMNS));
    if (shown === this.#shown && this.#rowsBelow() === 0) return;
    this.#output.write(this.#toStart() + shown + CLEAR_TO_END_OF_LINE);
    this.#shown = shown;
  }

  clear(): void {
    if (this.#shown !== "") this.#output.write(this.#toStart() + CLEAR_TO_END_OF_LINE);
    this.#shown = "";
    this.#shownAt = Number.NEGATIVE_INFINITY;
  }

  /** Moves to the start of the line. A terminal that was made narrower has wrapped it to several rows. */
  #toStart(): string {
    const rows = this.#rowsBelow();
    return rows === 0 ? "\r" : `\r\x1b[${rows}A${CLEAR_TO_END_OF_SCREEN}`;
  }

  /** Number of rows that the line takes below its first. */
  #rowsBelow(): number {
    const width = textWidth(stripVTControlCharacters(this.#shown));
    return Math.max(0, Math.ceil(width / this.columns) - 1);
  }
}
