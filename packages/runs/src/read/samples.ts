import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Sample, sampleEvenly } from "@dnc/report";
import { emptyIfNotFound } from "../files/not-found.js";
import { checkFolderIfPresent, readPlainFile } from "../files/plain-file.js";

/** Options of `readSamples`. */
export type ReadSamplesOptions = {
  /** Maximum number of samples, at least 2; default: 4. */
  readonly count?: number | undefined;
};

/** Maximum length of a sample's file. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * Reads samples of a run: the network's output for a new sequence, as text.
 *
 * @param run - The run's folder.
 * @param options - Number of samples.
 * @returns The first sample, the last, and some between them at even distances, by step.
 * @throws RunFolderError or the system's error if a file or folder cannot be read.
 */
export async function readSamples(run: string, { count = 4 }: ReadSamplesOptions = {}): Promise<readonly Sample[]> {
  const folder = join(run, "samples");
  checkFolderIfPresent(folder);
  const files = await readdir(folder).catch(emptyIfNotFound);
  const steps = files.flatMap((file) => {
    const [, step] = /^step-(\d+)\.txt$/.exec(file) ?? [];
    return step === undefined ? [] : [{ file, step: Number(step) }];
  });
  const selected = sampleEvenly(
    steps.sort((a, b) => a.step - b.step),
    count,
  );
  return selected.map(({ file, step }) => ({
    step,
    text: readPlainFile(join(folder, file), { most: MAX_BYTES }).trimEnd(),
  }));
}
