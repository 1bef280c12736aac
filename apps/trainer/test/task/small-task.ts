/** Tasks as flags of `dnc train` name them, with a small network. */

import { loadTask } from "@dnc/settings";
import { readCommandLine } from "../../src/flags/command-line.js";
import { machine } from "../../src/machine.js";

/** Flags of a small network. */
export const NETWORK = ["--hidden_size=8", "--memory_size=4", "--word_size=4", "--num_read_heads=1", "--seed=1"];

/** Loads the task that flags name. */
export function loadSmall(task: string, flags: readonly string[]): ReturnType<typeof loadTask> {
  const request = readCommandLine(["train", ...NETWORK, `--task=${task}`, ...flags]);
  if (request.command !== "train") throw new Error("expected dnc train");
  return loadTask(request.settings, { machine });
}
