import { visibleText } from "@dnc/report";
import { duration, labelled, percentage, rate } from "./format.js";
import { lessonText } from "./lesson-words.js";
import { commandLines, type NextCommand } from "./next-commands.js";
import type { Output, Progress, Report, Reporter } from "./reporter.js";
import { PLAIN, type Style } from "./style.js";

/** Reporter for pipes and files: plain lines. */
export class PlainReporter implements Reporter {
  protected readonly output: Output;
  protected readonly style: Style;

  constructor(output: Output, style: Style = PLAIN) {
    this.output = output;
    this.style = style;
  }

  start(...[facts]: Parameters<Reporter["start"]>): void {
    for (const line of labelled(facts, this.style)) this.line(line);
    this.line();
  }

  progress(_progress?: Progress): void {}

  report({ progress, sample }: Report): void {
    this.line(reportLine(progress));
    this.line(`${sample.trimEnd()}\n`);
  }

  notice(text: string): void {
    this.line(visibleText(text));
  }

  failure(_record: object): void {}

  end(paragraphs: readonly string[], commands: readonly NextCommand[] = []): void {
    for (const paragraph of paragraphs) this.line(visibleText(paragraph));
    if (commands.length === 0) return;
    this.line(`\n${this.style.bold("Next:")}`);
    for (const line of commandLines(commands, this.columns)) this.line(line);
  }

  /** Columns of the output; undefined: unlimited. */
  protected get columns(): number | undefined {
    return undefined;
  }

  /** Writes a line. */
  protected line(text = ""): void {
    this.output.write(`${text}\n`);
  }
}

/** Formats a report: `iteration 100/100000: loss 11.2443, exact match 0.4%, 12.3 it/s, 2 h 15 min left`; a lesson comes first. */
export function reportLine(progress: Progress): string {
  const { step, totalSteps, loss, exactMatch, lesson, iterationsPerSecond, secondsLeft } = progress;
  const left = step < totalSteps ? `, ${duration(secondsLeft)} left` : "";
  const numbers = `loss ${loss.toFixed(4)}, exact match ${percentage(exactMatch)}, ${rate(iterationsPerSecond)}`;
  return `iteration ${step}/${totalSteps}: ${lesson ? `${lessonText(lesson)}, ` : ""}${numbers}${left}`;
}
