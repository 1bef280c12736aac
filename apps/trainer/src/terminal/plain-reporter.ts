import { duration, percentage, rate } from "./format.js";
import type { Output, Progress, Reporter } from "./reporter.js";
import { visible } from "./visible.js";

/** Reporter for pipes and files: plain lines. */
export class PlainReporter implements Reporter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  start(facts: Parameters<Reporter["start"]>[0]): void {
    const width = Math.max(...facts.map(([label]) => label.length));
    for (const [label, text] of facts) this.#line(`${label.padEnd(width)}  ${visible(text)}`);
    this.#line();
  }

  progress(): void {}

  report({ progress, sample }: Parameters<Reporter["report"]>[0]): void {
    this.#line(reportLine(progress));
    this.#line(`${sample.trimEnd()}\n`);
  }

  notice(text: string): void {
    this.#line(visible(text));
  }

  failure(): void {}

  end(paragraphs: readonly string[]): void {
    for (const paragraph of paragraphs) this.#line(visible(paragraph));
  }

  #line(text = ""): void {
    this.#output.write(`${text}\n`);
  }
}

/** Formats a report: `iteration 100/100000: loss 11.2443, exact match 0.4%, 12.3 it/s, 2 h 15 min left`. */
export function reportLine({ step, totalSteps, loss, exactMatch, iterationsPerSecond, secondsLeft }: Progress): string {
  const left = step < totalSteps ? `, ${duration(secondsLeft)} left` : "";
  const numbers = `loss ${loss.toFixed(4)}, exact match ${percentage(exactMatch)}, ${rate(iterationsPerSecond)}`;
  return `iteration ${step}/${totalSteps}: ${numbers}${left}`;
}
