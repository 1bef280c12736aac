import { duration, percentage, rate, wrapped } from "./format.js";
import { LiveLine } from "./live-line.js";
import { PlainReporter } from "./plain-reporter.js";
import type { Output, Progress, Reporter } from "./reporter.js";

const MIN_BAR = 6;
const MAX_BAR = 24;
/** Largest width of prose. */
const MAX_COLUMNS = 120;

/** Reporter for terminals: plain lines, with a live line below them. */
export class LiveReporter extends PlainReporter {
  readonly #line: LiveLine;

  /** @param now - clock in milliseconds; default: that of this process. */
  constructor(output: Output, now: () => number = () => performance.now()) {
    super(output);
    this.#line = new LiveLine(output, now);
  }

  override start(facts: Parameters<Reporter["start"]>[0]): void {
    const indent = Math.max(...facts.map(([label]) => label.length)) + 2;
    super.start(facts.map(([label, text]) => [label, wrapped(text, this.#textWidth - indent, indent)]));
  }

  override progress(progress: Progress): void {
    this.#line.show((width) => statusLine(progress, width));
  }

  override report(report: Parameters<Reporter["report"]>[0]): void {
    this.#line.clear();
    super.report(report);
  }

  override notice(text: string): void {
    this.#line.clear();
    super.notice(wrapped(text, this.#textWidth, 0));
  }

  override end(...[paragraphs, commands]: Parameters<Reporter["end"]>): void {
    this.#line.clear();
    super.end(
      paragraphs.map((paragraph) => wrapped(paragraph, this.#textWidth, 0)),
      commands,
    );
  }

  get #textWidth(): number {
    return Math.min(this.#line.columns, MAX_COLUMNS);
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
