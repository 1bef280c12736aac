import { duration, percentage, rate, wrapped } from "./format.js";
import { PlainReporter } from "./plain-reporter.js";
import type { Output, Progress, Reporter } from "./reporter.js";

/** Escape sequence that clears the line. */
const CLEAR_LINE = "\r\x1b[2K";
const MILLISECONDS_BETWEEN = 100;
const MIN_BAR = 6;
const MAX_BAR = 24;
const DEFAULT_COLUMNS = 80;
/** Maximum width of text, on terminals of any width. */
const MAX_COLUMNS = 120;

/** Reporter for terminals: a live line below the permanent lines. */
export class LiveReporter implements Reporter {
  readonly #output: Output;
  readonly #lasting: PlainReporter;
  readonly #now: () => number;
  #shownAt = Number.NEGATIVE_INFINITY;
  #live = false;

  /** @param now - a clock in milliseconds. */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#lasting = new PlainReporter(output);
    this.#now = now;
  }

  start(facts: Parameters<Reporter["start"]>[0]): void {
    const indent = Math.max(...facts.map(([label]) => label.length)) + 2;
    this.#lasting.start(facts.map(([label, text]) => [label, wrapped(text, this.#textWidth - indent, indent)]));
  }

  progress(progress: Progress): void {
    const now = this.#now();
    if (now - this.#shownAt < MILLISECONDS_BETWEEN) return;
    this.#shownAt = now;
    this.#live = true;
    this.#output.write(`${CLEAR_LINE}${statusLine(progress, this.#columns - 1)}`);
  }

  report(report: Parameters<Reporter["report"]>[0]): void {
    this.#clear();
    this.#lasting.report(report);
  }

  notice(text: string): void {
    this.#clear();
    this.#lasting.notice(wrapped(text, this.#textWidth, 0));
  }

  failure(): void {}

  end(paragraphs: readonly string[]): void {
    this.#clear();
    this.#lasting.end(paragraphs.map((paragraph) => wrapped(paragraph, this.#textWidth, 0)));
  }

  get #columns(): number {
    return this.#output.columns || DEFAULT_COLUMNS;
  }

  get #textWidth(): number {
    return Math.min(this.#columns, MAX_COLUMNS);
  }

  #clear(): void {
    if (this.#live) this.#output.write(CLEAR_LINE);
    this.#live = false;
  }
}

/** Formats the live line: a bar that fills the available space, then the numbers; at most `width` columns. */
export function statusLine(progress: Progress, width: number): string {
  const { step, totalSteps, loss, exactMatch, iterationsPerSecond, secondsLeft } = progress;
  const numbers = [
    `${step}/${totalSteps}`,
    `loss ${loss.toFixed(4)}`,
    `exact match ${percentage(exactMatch)}`,
    rate(iterationsPerSecond),
    `${duration(secondsLeft)} left`,
  ].join("  ");
  const barWidth = Math.min(MAX_BAR, width - numbers.length - "[]  ".length);
  if (barWidth < MIN_BAR) return numbers.slice(0, Math.max(0, width));
  const filled = Math.floor((barWidth * step) / totalSteps);
  return `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}]  ${numbers}`;
}
