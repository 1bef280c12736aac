/** A task in a file of a user's folder, and the command line run in that folder. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support.js";

export const COMMAND = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));
export const NETWORK = ["--hidden_size=8", "--memory_size=4", "--word_size=4", "--num_read_heads=1", "--backend=cpu"];

/** A task of reversing a pattern, whose width and lengths are flags. */
export const REVERSE = `
import { defineTask } from "@dnc/tasks";

export default async ({ my_size = 3, min_length = 1, max_length = 3 }) =>
  defineTask({
    name: "reverse/it",
    inputSize: my_size + 1,
    targetSize: my_size,
    batchSize: 4,
    sampleSequence: (random) => {
      const length = random.integer(min_length, max_length);
      const pattern = Array.from({ length }, () => Array.from({ length: my_size }, () => random.integer(0, 1)));
      const seen = pattern.map((bits) => ({ input: [...bits, 0] }));
      return [...seen, { input: [...Array(my_size).fill(0), 1] }, ...pattern.reverse().map((target) => ({ target }))];
    },
  });
`;

/** A folder with a task file; its packages are those of the trainer. */
export function userFolder(text: string, name = "my-task.mjs"): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), text);
  return folder;
}

export function dnc(cwd: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  });
}

export function train(cwd: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return dnc(cwd, "train", "--task=./my-task.mjs", ...NETWORK, ...args);
}

export const filesOf = (run: string, step: number) =>
  ["model.safetensors", "optimizer.safetensors"].map((name) =>
    readFileSync(join(run, `checkpoints/step-${String(step).padStart(8, "0")}`, name), "latin1"),
  );
export const configOf = (run: string) => JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
export const timeless = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), seconds: 0, iterations_per_second: 0 }));

/** Trains, and kills the process without warning after its first checkpoint. */
export function killed(cwd: string, run: string, ...args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const words = ["train", "--task=./my-task.mjs", ...NETWORK, `--checkpoint_dir=${run}`, ...args];
    const child = spawn(process.execPath, [COMMAND, ...words], { cwd, stdio: "ignore" });
    const timer = setInterval(() => existsSync(join(cwd, run, "checkpoints/latest")) && child.kill("SIGKILL"), 5);
    child.on("close", () => {
      clearInterval(timer);
      resolve();
    });
  });
}
