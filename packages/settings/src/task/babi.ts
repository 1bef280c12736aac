/** Question answering with the stories of bAbI's tasks, from files or generated. */
import { visibleLine } from "@dnc/report";
import { type BabiConfig, type BabiTask, babi, babiWords } from "@dnc/tasks";
import type { Machine } from "../machine.js";
import { babiGenerated } from "./babi-generated.js";
import { BABI_SETS, type BabiSet } from "./babi-source.js";

/** Number of bAbI's tasks. */
const TASKS = 20;

const SOURCES = ["files", "generated"] as const;

/** Options of the task: those of `babi`, and where its stories are; from flags, so of any kind. */
export type BabiTaskConfig = Omit<BabiConfig, "stories" | "words" | "exchange"> & {
  readonly exchange?: unknown;
  readonly babiSource?: unknown;
  readonly babiDir?: unknown;
  readonly babiTask?: unknown;
  readonly babiSet?: unknown;
  /** The tasks whose words inputs and outputs stand for; default: `babiTask`. */
  readonly babiWords?: unknown;
};

/**
 * Creates the task of question answering with the stories of one of bAbI's tasks or several. The words are all of these tasks, or
 * of those of `babiWords`, so that lessons and grades of other tasks fit one network; they are the same for all sets, and for generated stories
 * as for files.
 *
 * @param config - options of the task.
 * @param machine - reads files; default: it cannot.
 * @throws RangeError or TypeError that begins with the name of an option, if it is of the wrong kind, names no files, does not go with another one, or if
 *   a file is not in bAbI's format.
 */
export function babiTask(
  {
    babiSource = "files",
    babiDir,
    babiTask: tasks = "all",
    babiSet: set = "train",
    babiWords: wordTasks = tasks,
    exchange,
    ...config
  }: BabiTaskConfig,
  { babiFiles }: Pick<Machine, "babiFiles"> = {},
): BabiTask {
  assertOneOf("babiSource", babiSource, SOURCES);
  assertOneOf("babiSet", set, BABI_SETS);
  const numbers = numbersOf("babiTask", tasks);
  const others = numbersOf("babiWords", wordTasks);
  const missing = numbers.find((number) => !others.includes(number));
  if (missing !== undefined)
    throw new RangeError(`babiWords: expected task ${missing} among them, as in babiTask, got ${others.join(",")}`);
  if (babiSource === "files" && !babiFiles)
    throw new TypeError("babiSource: expected generated, as files cannot be read here, got files");
  const source =
    babiSource === "files" && babiFiles
      ? babiFiles(babiDir)
      : babiGenerated(babiDir, { babiTask: numbers, babiWords: others });
  const words = babiWords(others.flatMap((number) => source.storiesWithAllWords(number)));
  const stories = numbers.flatMap((number) => source.stories(number, set as BabiSet));
  // What is measured is the stories as they are.
  const groups = groupsOf(exchange);
  return babi({ ...config, stories, words, exchange: set === "train" ? groups : undefined });
}

function assertOneOf(name: string, value: unknown, choices: readonly string[]): void {
  if (!(choices as readonly unknown[]).includes(value))
    throw new TypeError(`${name}: expected one of ${choices.join(", ")}, got ${visibleLine(String(value))}`);
}

/** Reads groups of words: `mary john, kitchen garden`; `none` has no group. */
function groupsOf(text: unknown): BabiConfig["exchange"] {
  if (text === undefined || text === "none") return undefined;
  if (typeof text === "string") return text.split(",").map((group) => group.split(" ").filter((word) => word !== ""));
  throw new TypeError(
    `exchange: expected groups of words such as "mary john, kitchen garden", or none, got ${visibleLine(String(text))}`,
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
