import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Sample, sampleEvenly } from "@dnc/report";
import { noneIfAbsent } from "../files/absent.js";
import { checkFolderIfThere, readPlainFile } from "../files/plain-file.js";

/** Which samples to read. */
export type ReadSamplesOptions = {
  /** How many at most, 2 or more; default: 4. */
  readonly count?: number | undefined;
};

/** The largest sample that is read. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * Reads samples of a run: what the network made of a new sequence, as text.
 *
 * @param run - The run's folder.
 * @param options - How many.
 * @returns The first sample, the last, and some between them at even distances, by step.
 * @throws RunFolderError or the system's error if something cannot be read.
 */
export async function readSamples(run: string, { count = 4 }: ReadSamplesOptions = {}): Promise<readonly Sample[]> {
  const folder = join(run, "samples");
  checkFolderIfThere(folder);
  const files = await readdir(folder).catch(noneIfAbsent);
  const steps = files.flatMap((file) => {
    const [, step] = /^step-(\d+)\.txt$/.exec(file) ?? [];
    return step === undefined ? [] : [{ file, step: Number(step) }];
  });
  const chosen = sampleEvenly(
    steps.sort((a, b) => a.step - b.step),
    count,
  );
  return chosen.map(({ file, step }) => ({
    step,
    text: readPlainFile(join(folder, file), { most: MAX_BYTES }).trimEnd(),
  }));
}
