/** Question answering with the files of bAbI in a folder of the user's. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { visibleLine } from "@dnc/report";
import { type BabiConfig, type BabiStory, type BabiTask, babi, babiWords, readBabiStories } from "@dnc/tasks";

/** Number of bAbI's tasks. */
const TASKS = 20;

/** Folders of the archive in which the files of a folder may be. */
const INSIDE = ["", "en-10k", "tasks_1-20_v1-2/en-10k"];

/** Of the stories of a training file one in so many validates. */
const VALIDATION = 10;

const SETS = ["train", "validation", "test"] as const;

/** Options of the task: those of `babi`, and where its stories are; from flags, so of any kind. */
export type BabiFilesConfig = Omit<BabiConfig, "stories" | "words" | "exchange"> & {
  readonly exchange?: unknown;
  readonly babiDir?: unknown;
  readonly babiTask?: unknown;
  readonly babiSet?: unknown;
  /** The tasks whose words inputs and outputs stand for; default: `babiTask`. */
  readonly babiWords?: unknown;
};

/** Stories that were read, by path: a command creates its task several times. */
const read = new Map<string, readonly BabiStory[]>();

/**
 * Creates the task of question answering with the files of one of bAbI's tasks or several. The words are those of their training and test files, or
 * of the files of `babiWords`, so that lessons and grades of other tasks fit one network;
 * every tenth story of a training file validates.
 *
 * @throws RangeError or TypeError that begins with the name of an option, if it is of the wrong kind or names no files, or if a file is
 *   not in bAbI's format.
 */
export function babiFiles({
  babiDir,
  babiTask = "all",
  babiSet = "train",
  babiWords: wordTasks = babiTask,
  exchange,
  ...config
}: BabiFilesConfig): BabiTask {
  if (!(SETS as readonly unknown[]).includes(babiSet))
    throw new TypeError(`babiSet: expected one of ${SETS.join(", ")}, got ${visibleLine(String(babiSet))}`);
  const numbers = numbersOf("babiTask", babiTask);
  const others = numbersOf("babiWords", wordTasks);
  const missing = numbers.find((number) => !others.includes(number));
  if (missing !== undefined)
    throw new RangeError(`babiWords: expected task ${missing} among them, as in babiTask, got ${others.join(",")}`);
  const folder = folderOf(babiDir);
  const filesOf = (number: number) => ({
    training: storiesOf(folder, number, "train"),
    test: storiesOf(folder, number, "test"),
  });
  const words = babiWords(others.map(filesOf).flatMap(({ training, test }) => [...training, ...test]));
  const stories = numbers.map(filesOf).flatMap(({ training, test }) => {
    if (babiSet === "test") return test;
    return training.filter((_, index) => (index % VALIDATION === VALIDATION - 1) === (babiSet === "validation"));
  });
  // What is measured is the stories as they are.
  const groups = groupsOf(exchange);
  return babi({ ...config, stories, words, exchange: babiSet === "train" ? groups : undefined });
}

/** Reads groups of words: `mary john, kitchen garden`. */
function groupsOf(text: unknown): BabiConfig["exchange"] {
  if (text === undefined) return undefined;
  if (typeof text === "string") return text.split(",").map((group) => group.split(" ").filter((word) => word !== ""));
  throw new TypeError(
    `exchange: expected groups of words such as "mary john, kitchen garden", got ${visibleLine(String(text))}`,
  );
}

/** Reads the numbers of tasks: `1`, `1,2,4`, or `all`. */
function numbersOf(name: string, text: unknown): readonly number[] {
  const all = Array.from({ length: TASKS }, (_, index) => index + 1);
  if (text === "all") return all;
  const numbers = String(text)
    .split(",")
    .map((word) => (/^\s*\d+\s*$/.test(word) ? Number(word) : Number.NaN));
  if (numbers.some((number) => !all.includes(number)) || new Set(numbers).size < numbers.length)
    throw new RangeError(
      `${name}: expected different numbers from 1 to ${TASKS}, separated by commas, or all, got ${visibleLine(String(text))}`,
    );
  return numbers;
}

/** Finds the folder that has the files. */
function folderOf(folder: unknown): string {
  if (typeof folder !== "string" || folder === "")
    throw new TypeError("babiDir: expected the folder of bAbI's files, such as tasks_1-20_v1-2, got none");
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
