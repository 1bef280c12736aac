import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { noneIfAbsent } from "../absent.js";
import { checkFolderIfThere, readPlainFile } from "../plain-file.js";
import { type Content, type Html, html } from "./html.js";

/** A sample of a run, as it lies in its folder. */
export interface Sample {
  readonly step: number;
  readonly text: string;
}

/** So many samples show how a run went. */
const SHOWN = 4;

/** A page has room for no longer sample. */
const MOST_BYTES = 16 * 2 ** 20;

/** The first sample of a run, the last, and some between them. */
export async function readSamples(run: string): Promise<readonly Sample[]> {
  const folder = join(run, "samples");
  checkFolderIfThere(folder);
  const files = await readdir(folder).catch(noneIfAbsent);
  const steps = files.flatMap((file) => {
    const [, step] = /^step-(\d+)\.txt$/.exec(file) ?? [];
    return step === undefined ? [] : [{ file, step: Number(step) }];
  });
  const chosen = spread(
    steps.sort((a, b) => a.step - b.step),
    SHOWN,
  );
  return chosen.map(({ file, step }) => ({
    step,
    text: readPlainFile(join(folder, file), { most: MOST_BYTES }).trimEnd(),
  }));
}

/** `count` of the items, the first and the last among them, evenly apart. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))]);
}

/** A sample's text, with what differs from the target marked in the answer. */
export function markedSample(text: string): Html {
  const [before, targets, title, output] = sections(text);
  if (targets === undefined || title === undefined || output === undefined) return html`${text}`;
  return html`${before}${targets}${title}${marked(output, targets)}`;
}

/** The text around the titles of target and answer, which stay with what follows and stands before. */
function sections(text: string): readonly string[] {
  const match = /^(.*?^Targets:\n)(.*?)(^Model Output:\n)(.*)$/ms.exec(text);
  return match ? match.slice(1) : [text];
}

function marked(output: string, targets: string): Content {
  const expected = targets.trimEnd().split("\n");
  const lines = output.trimEnd().split("\n");
  return lines.map((line, row): Content => {
    const end = row < lines.length - 1 ? "\n" : "";
    if (line.length !== expected[row]?.length) return `${line}${end}`;
    return [Array.from(line, (bit, index) => (bit === expected[row][index] ? bit : html`<mark>${bit}</mark>`)), end];
  });
}
