import { visibleJson } from "@dnc/report";
import { PlainReporter } from "./plain-reporter.js";
import type { Output, Report } from "./reporter.js";
import type { Style } from "./style.js";

/** Reporter for programs: a JSON object per report or failure on standard output, everything else on standard error. */
export class JsonReporter extends PlainReporter {
  readonly #records: Output;

  constructor(output: Output, errors: Output, style?: Style) {
    super(errors, style);
    this.#records = output;
  }

  override report({ record }: Report): void {
    this.#records.write(`${visibleJson(record)}\n`);
  }

  override failure(record: object): void {
    this.#records.write(`${visibleJson(record)}\n`);
  }
}
