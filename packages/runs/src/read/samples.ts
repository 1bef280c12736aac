import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Sample, sampleEvenly } from "@dnc/report";
import { noneIfAbsent } from "../files/absent.js";
import { checkFolderIfThere, readPlainFile } from "../files/plain-file.js";

/** Samples that a page shows. */
const MAX_SAMPLES = 4;

/** The largest sample that is read. */
const MAX_BYTES = 16 * 2 ** 20;

/** Reads the first sample of a run, the last, and some between them. */
export async function readSamples(run: string): Promise<readonly Sample[]> {
  const folder = join(run, "samples");
  checkFolderIfThere(folder);
  const files = await readdir(folder).catch(noneIfAbsent);
  const steps = files.flatMap((file) => {
    const [, step] = /^step-(\d+)\.txt$/.exec(file) ?? [];
    return step === undefined ? [] : [{ file, step: Number(step) }];
  });
  const chosen = sampleEvenly(
    steps.sort((a, b) => a.step - b.step),
    MAX_SAMPLES,
  );
  return chosen.map(({ file, step }) => ({
    step,
    text: readPlainFile(join(folder, file), { most: MAX_BYTES }).trimEnd(),
  }));
}
