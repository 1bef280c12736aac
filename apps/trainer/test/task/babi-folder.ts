/** Folders of small files in bAbI's format. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadTask, resolveSettings, type TaskFlags } from "@dnc/settings";
import type { BabiTask } from "@dnc/tasks";
import { machine } from "../../src/machine.js";
import { temporaryFolder } from "../support.js";

/** Creates the task of bAbI with these flags. */
export async function babiTask(flags: TaskFlags): Promise<BabiTask> {
  const given = resolveSettings({ words: { task: "babi" }, taskFlags: flags });
  const { source } = await loadTask(given, { machine });
  return (await source.create({ batchSize: 16 })) as BabiTask;
}

/** Writes stories, each with one question and this answer. */
export function storiesText(answers: readonly string[]): string {
  return answers.map((answer) => `1 Mary went to the ${answer}.\n2 Where is Mary?\t${answer}\t1\n`).join("");
}

/**
 * Creates a folder of files.
 *
 * @param files - contents by name, such as `qa1_one_train.txt`.
 * @param inside - the folder in it that has the files.
 */
export function folderOf(files: Readonly<Record<string, string>>, inside = "en-10k"): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, inside), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, inside, name), text);
  return folder;
}

/** Persons and places of bAbI, which presets exchange. */
const WORDS = "John Daniel Sandra Bill Fred Julie bathroom bedroom garden kitchen office cinema park school";

/** Creates a folder with two stories in each file of all twenty tasks, and all words that presets exchange. */
export function wholeBabiFolder(): string {
  const names = Array.from({ length: 20 }, (_, index) => [`qa${index + 1}_a_train.txt`, `qa${index + 1}_a_test.txt`]);
  const text = `${storiesText(["hallway", "garden"])}3 ${WORDS}.\n`;
  return folderOf(Object.fromEntries(names.flat().map((name) => [name, text])));
}

/** The flags with which a preset's stories are found: none, if it does not learn from files. */
export function babiFilesFor({ task, task_flags: flags }: Readonly<Record<string, unknown>>): { babi_dir?: string } {
  const isGenerated = (flags as { babi_source?: unknown } | undefined)?.babi_source === "generated";
  return task === "babi" && !isGenerated ? { babi_dir: wholeBabiFolder() } : {};
}
