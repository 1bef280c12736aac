/** Runs of `dnc train` in this process, and what remains of them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandLineWords } from "@dnc/settings";
import { planRun } from "../src/flags/plan.js";
import { readSettings } from "../src/flags/settings.js";
import { openSession } from "../src/run/session.js";
import { train } from "../src/run/train.js";
import { SILENT } from "./support.js";

/** Runs `dnc train` with these flags in this process; returns its messages. */
export async function dncTrain(words: CommandLineWords, stopAfter = Number.POSITIVE_INFINITY): Promise<string[]> {
  const settings = readSettings(words);
  const notices: string[] = [];
  const session = await openSession(await planRun(settings), "cpu", (text) => notices.push(text));
  let asked = 0;
  try {
    await train({
      ...session,
      iterations: session.config.training.iterations,
      reporter: SILENT,
      shouldStop: () => asked++ >= stopAfter,
    });
  } finally {
    await session.close();
  }
  return notices;
}

/** Leaves times out of JSON that is read. */
const withoutTimes = (key: string, value: unknown) => (/^(seconds|iterationsPerSecond)$/.test(key) ? undefined : value);

/** Reads the results of a run that do not depend on time: newest weights and slots, state, metrics and samples. */
export function remains(run: string, step: number) {
  const checkpoint = join(run, "checkpoints", `step-${String(step).padStart(8, "0")}`);
  const { sha256: _, ...state } = JSON.parse(readFileSync(join(checkpoint, "state.json"), "utf8"), withoutTimes);
  const metrics = readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  return {
    files: readdirSync(run)
      .filter((name) => !name.startsWith("events."))
      .sort(),
    model: readFileSync(join(checkpoint, "model.safetensors"), "latin1"),
    optimizer: readFileSync(join(checkpoint, "optimizer.safetensors"), "latin1"),
    state,
    config: readFileSync(join(run, "config.json"), "utf8"),
    metrics: metrics.map((line) => ({ ...JSON.parse(line), seconds: 0, iterations_per_second: 0 })),
    samples: Object.fromEntries(
      readdirSync(join(run, "samples")).map((name) => [name, readFileSync(join(run, "samples", name), "utf8")]),
    ),
  };
}
