import { stripVTControlCharacters } from "node:util";
import { duration, percentage, wrapped } from "./format.js";
import { lessonText } from "./lesson-words.js";
import { LiveLine } from "./live-line.js";
import { MeansSinceLine, type Sums } from "./means-since-line.js";
import { PlainReporter } from "./plain-reporter.js";
import type { Output, Progress, Report, Reporter } from "./reporter.js";
import type { SampleTask } from "./sample/cells.js";
import { sampleLines } from "./sample/lines.js";
import { statusLine } from "./status-line.js";
import { PLAIN, type Style } from "./style.js";
import { ASCII, type Symbols } from "./symbols.js";

/** Largest width of prose. */
const MAX_COLUMNS = 120;
/** Interval between reports on the terminal, in milliseconds. */
const REPORT_INTERVAL_MS = 5000;
/** Rows of a terminal that a sample leaves free: its title, the lines around it and the live line. */
const OTHER_ROWS = 6;
const MIN_ROWS = 8;
/** Rows of a terminal of unknown height. */
const DEFAULT_ROWS = 24;
const GAP = "   ";

/** How a terminal looks. */
interface LiveReporterOptions {
  readonly style?: Style | undefined;
  readonly symbols?: Symbols | undefined;
  /** Clock in milliseconds; default: that of this process. */
  readonly now?: (() => number) | undefined;
}

/** A report that has not been shown. */
type Pending = { readonly report: Report; readonly sums: Sums };

/**
 * Reporter for terminals: reports by time, whatever the run's report interval is, with a live line below them. A run that
 * reports less often gets lines without samples in between.
 */
export class LiveReporter extends PlainReporter {
  readonly #line: LiveLine;
  readonly #symbols: Symbols;
  readonly #now: () => number;
  readonly #means = new MeansSinceLine();
  #task: SampleTask | undefined;
  #pending: Pending | undefined;
  /** When the last line was shown; undefined before the first report. */
  #shownAt: number | undefined;
  #beganAt: number | undefined;

  /**
   * @param output - the terminal.
   * @param options - styles and signs; default: those of a terminal that has neither colours nor Unicode.
   */
  constructor(
    output: Output,
    { style = PLAIN, symbols = ASCII, now = () => performance.now() }: LiveReporterOptions = {},
  ) {
    super(output, style);
    this.#symbols = symbols;
    this.#now = now;
    this.#line = new LiveLine(output, now);
  }

  override start(...[facts, task]: Parameters<Reporter["start"]>): void {
    this.#task = task;
    this.#beganAt = this.#now();
    const indent = Math.max(...facts.map(([label]) => label.length)) + 2;
    super.start(
      facts.map(([label, text]) => [label, wrapped(text, this.#textWidth - indent, indent)]),
      task,
    );
  }

  override progress(progress: Progress): void {
    if (this.#isDue()) {
      if (this.#pending) this.#showPending();
      else this.#showProgress(progress, this.#means.sumsAt(progress));
    }
    this.#line.show((width) => statusLine(progress, width, { style: this.style, symbols: this.#symbols }));
  }

  override report(report: Report): void {
    this.#pending = { report, sums: this.#means.endInterval(report.progress) };
    if (this.#shownAt === undefined || this.#isDue()) this.#showPending();
  }

  override notice(text: string): void {
    this.#line.clear();
    super.notice(wrapped(text, this.#textWidth, 0));
  }

  override end(...[paragraphs, commands]: Parameters<Reporter["end"]>): void {
    this.#line.clear();
    if (paragraphs.length > 0) this.#showPending();
    super.end(
      paragraphs.map((paragraph) => wrapped(paragraph, this.#textWidth, 0)),
      commands,
    );
  }

  protected override get columns(): number {
    return this.#line.columns;
  }

  get #textWidth(): number {
    return Math.min(this.#line.columns - 1, MAX_COLUMNS);
  }

  /** Whether it is time for a report; the first comes as soon as the run has one. */
  #isDue(): boolean {
    const since = this.#shownAt ?? this.#beganAt ?? this.#now();
    return this.#now() - since >= REPORT_INTERVAL_MS;
  }

  #showPending(): void {
    if (!this.#pending) return;
    const { report, sums } = this.#pending;
    this.#pending = undefined;
    this.#showProgress(report.progress, sums);
    const maxRows = Math.max(MIN_ROWS, (this.output.rows || DEFAULT_ROWS) - OTHER_ROWS);
    const columns = this.#line.columns - 1;
    const lines = this.#task
      ? sampleLines(report.prediction, this.#task, { columns, maxRows, style: this.style, symbols: this.#symbols })
      : textLines(report.sample, columns, maxRows);
    if (lines.length > 0) this.line(`\n${lines.join("\n")}\n`);
  }

  #showProgress(progress: Progress, sums: Sums): void {
    const means = this.#means.take(sums);
    this.#line.clear();
    this.line(reportTitle({ ...progress, ...means }, this.#line.columns - 1, this.style));
    this.#shownAt = this.#now();
  }
}

/** Formats the text of a sample as lines, as far as they fit. */
function textLines(sample: string, columns: number, maxRows: number): readonly string[] {
  const lines = sample.split("\n").filter((line, index) => index > 0 || line !== "");
  return lines.slice(0, maxRows).map((line) => `  ${line}`.slice(0, columns));
}

/** Formats the line of a report: `iteration 1900/3000   loss 2.1034   exact match 12.5%   5 s`, or as much of it as fits. */
export function reportTitle(
  { step, totalSteps, loss, exactMatch, lesson, seconds }: Progress,
  width: number,
  style: Style,
): string {
  const exact = percentage(exactMatch);
  const parts = [
    `${style.bold(`iteration ${step}`)}${style.dim(`/${totalSteps}`)}`,
    `loss ${style.bold(loss.toFixed(4))}`,
    ...(lesson ? [lessonText(lesson)] : []),
    `exact match ${exactMatch === 1 ? style.good(exact) : style.bold(exact)}`,
    style.dim(duration(seconds)),
  ];
  while (parts.length > 1 && stripVTControlCharacters(parts.join(GAP)).length > width) parts.pop();
  return parts.join(GAP);
}
