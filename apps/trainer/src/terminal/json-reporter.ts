import { visibleJson } from "@dnc/report";
import { PlainReporter } from "./plain-reporter.js";
import type { Output, Reporter } from "./reporter.js";

/** Reporter for programs: a JSON object per report or failure on standard output, everything else on standard error. */
export class JsonReporter extends PlainReporter {
  readonly #records: Output;

  constructor(output: Output, errors: Output) {
    super(errors);
    this.#records = output;
  }

  override report({ record }: Parameters<Reporter["report"]>[0]): void {
    this.#records.write(`${visibleJson(record)}\n`);
  }

  override failure(record: object): void {
    this.#records.write(`${visibleJson(record)}\n`);
  }
}
