import { encodePng, image, type NamedImage, preformatted, type SummaryValue, scalar, text } from "@dnc/report";
import type { ReportRecord } from "../contents/report-record.js";
import type { RunFolder } from "../folder/run-folder.js";
import { RunWriteError } from "../run-write-error.js";
import type { EventFile } from "./event-file.js";

/** Records reports in metrics.jsonl, samples/ and an event file for TensorBoard. */
export class Recorder {
  readonly #folder: RunFolder;
  readonly #events: EventFile;

  constructor(folder: RunFolder, events: EventFile) {
    this.#folder = folder;
    this.#events = events;
  }

  /**
   * Records a report.
   *
   * @returns the line of metrics.jsonl.
   * @throws RunWriteError if a file cannot be written.
   */
  async add(
    numbers: Omit<ReportRecord, "sample">,
    { sample, images }: { readonly sample: string; readonly images: readonly NamedImage[] },
  ): Promise<ReportRecord> {
    const record = { ...numbers, sample: await this.#folder.addSample(numbers.step, sample) };
    await this.#folder.addMetrics(record);
    const { step, loss, exact_match, held_out_exact_match, lesson, gradient_norm, iterations_per_second } = record;
    const values = { loss, exact_match, held_out_exact_match, lesson, gradient_norm, iterations_per_second };
    await this.#addEvents(step, [
      ...Object.entries(values).flatMap(([tag, value]) => (value === undefined ? [] : [scalar(tag, value)])),
      text("sample", preformatted(sample.trim())),
      ...images.map((each) => image(`memory/${each.name}`, { ...each, png: encodePng(each) })),
    ]);
    return record;
  }

  async #addEvents(step: number, values: readonly SummaryValue[]): Promise<void> {
    try {
      await this.#events.add(step, values);
    } catch (error) {
      throw new RunWriteError(this.#events.path, error);
    }
  }
}
