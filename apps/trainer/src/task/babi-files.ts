/** The files of bAbI in a folder of the user's. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { visibleLine } from "@dnc/report";
import type { StorySource } from "@dnc/settings";
import { type BabiStory, readBabiStories } from "@dnc/tasks";

/** Folders of the archive in which the files of a folder may be. */
const INSIDE = ["", "en-10k", "tasks_1-20_v1-2/en-10k"];

/** Of the stories of a training file one in so many validates. */
const VALIDATION = 10;

/** Stories that were read, by path: a command creates its task several times. */
const read = new Map<string, readonly BabiStory[]>();

/**
 * Reads the stories of files in a folder. Every tenth story of a training file validates; the words are those of training and test file.
 *
 * @throws RangeError or TypeError that begins with `babiDir` if it names no folder with files.
 */
export function babiFiles(babiDir: unknown): StorySource {
  const folder = folderOf(babiDir);
  return {
    stories: (number, set) => {
      if (set === "test") return storiesOf(folder, number, "test");
      return storiesOf(folder, number, "train").filter(
        (_, index) => (index % VALIDATION === VALIDATION - 1) === (set === "validation"),
      );
    },
    storiesWithAllWords: (number) => [...storiesOf(folder, number, "train"), ...storiesOf(folder, number, "test")],
  };
}

/** Finds the folder that has the files. */
function folderOf(folder: unknown): string {
  if (typeof folder !== "string" || folder === "")
    throw new TypeError(
      "babiDir: expected the folder of bAbI's files, such as tasks_1-20_v1-2, or babiSource=generated, got none",
    );
  const found = INSIDE.map((inside) => join(folder, inside)).find((path) => filesIn(path).some(isStoryFile));
  if (found !== undefined) return found;
  throw new RangeError(
    `babiDir: expected a folder with files such as qa1_single-supporting-fact_train.txt, or with en-10k, got ${visibleLine(folder)}`,
  );
}

function isStoryFile(name: string): boolean {
  return /^qa\d+_.*_(train|test)\.txt$/.test(name);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function storiesOf(folder: string, number: number, set: "train" | "test"): readonly BabiStory[] {
  const name = filesIn(folder).find((file) => file.startsWith(`qa${number}_`) && file.endsWith(`_${set}.txt`));
  if (name === undefined)
    throw new RangeError(`babiDir: expected a file qa${number}_..._${set}.txt in ${visibleLine(folder)}, found none`);
  const path = join(folder, name);
  const known = read.get(path);
  if (known) return known;
  try {
    const stories = readBabiStories(readFileSync(path, "utf8"));
    read.set(path, stories);
    return stories;
  } catch (error) {
    throw new RangeError(`babiDir: ${visibleLine(path)}: ${visibleLine((error as Error).message)}`);
  }
}
