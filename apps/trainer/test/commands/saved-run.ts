import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CommandLineWords } from "../../src/flags/flag-value.js";
import { train } from "../../src/run/train.js";
import { createRun, smallSettings } from "../support.js";

const COMMAND = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));

/** Creates the folder of a small run of six iterations, with checkpoints at 2, 4 and 6; removed after the test. */
export async function savedRun(words: CommandLineWords = {}): Promise<string> {
  const iterations = { num_training_iterations: "6", report_interval: "1", checkpoint_interval: "2" };
  const parts = await createRun(smallSettings({ ...iterations, ...words }));
  await train(parts);
  await parts.run.close();
  return parts.run.folder;
}

/** Runs the command in a separate process; needs the build. */
export function dnc(...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
}
