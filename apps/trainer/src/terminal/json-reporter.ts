import { PlainReporter } from "./plain-reporter.js";
import type { Output, Reporter } from "./reporter.js";
import { visibleJson } from "./visible.js";

/**
 * Reporter for programs: prints one JSON object per report, and one for a failure, to standard output, and messages for
 * people to standard error.
 */
export class JsonReporter implements Reporter {
  readonly #output: Output;
  readonly #people: PlainReporter;

  constructor(output: Output, errors: Output) {
    this.#output = output;
    this.#people = new PlainReporter(errors);
  }

  start(facts: Parameters<Reporter["start"]>[0]): void {
    this.#people.start(facts);
  }

  progress(): void {}

  report({ record }: Parameters<Reporter["report"]>[0]): void {
    this.#output.write(`${visibleJson(record)}\n`);
  }

  failure(record: object): void {
    this.#output.write(`${visibleJson(record)}\n`);
  }

  notice(text: string): void {
    this.#people.notice(text);
  }

  end(paragraphs: readonly string[]): void {
    this.#people.end(paragraphs);
  }
}
