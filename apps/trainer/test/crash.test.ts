/** Tests runs with unexpected errors. */
import { spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CrashWatch, RunFailedError } from "@dnc/runs";
import { describe, expect, it } from "vitest";
import { withAdvice } from "../src/run/failure-advice.js";
import { train } from "../src/run/train.js";
import { createRun, SILENT, SMALL, smallSettings, temporaryFolder } from "./support.js";

const settings = (iterations: number) =>
  smallSettings({ num_training_iterations: String(iterations), report_interval: "100", seed: "3" });
const stateOf = (run: string, step: number) =>
  JSON.parse(readFileSync(join(run, `checkpoints/step-0000000${step}/state.json`), "utf8"));
const modelOf = (run: string, step: number) =>
  readFileSync(join(run, `checkpoints/step-0000000${step}/model.safetensors`), "latin1");

describe("a run that fails", () => {
  it("prints a command that can be pasted, with control characters escaped", () => {
    const run = "/runs/my \x1b[31mrun";
    const failure = {
      what: "gone",
      cause: new Error("gone"),
      step: 5,
      folder: run,
      lastCheckpoint: `${run}/step-00000005`,
    };
    const { message } = withAdvice(new RunFailedError(failure));
    expect(message.split("\n").slice(1)).toEqual([
      "last good checkpoint: /runs/my \\x1b[31mrun/step-00000005",
      `dnc train --resume='/runs/my '"$(printf '\\033')"'[31mrun' resumes from it`,
    ]);
  });

  it.each([
    ["in an iteration", RangeError],
    ["in a report", Error],
    ["in no place of its own", TypeError],
  ])("%s is saved in its current state, and reports it", async (where, Kind) => {
    const events = new EventEmitter();
    const crash = new CrashWatch({ events });
    const whole = await createRun(settings(5));
    await train(whole);
    let batches = 0;
    const run = await createRun(
      settings(9),
      {},
      {
        changeTask: (task) => ({
          ...task,
          sampleBatch(random, options) {
            const batch = task.sampleBatch(random, options);
            if (where === "in an iteration" && ++batches === 6) throw new Kind("out of\nmemory");
            return batch;
          },
        }),
      },
    );
    const progress = ({ step }: { step: number }) => {
      if (step !== 5 || where === "in an iteration") return;
      if (where === "in a report") throw new Kind("out of\nmemory");
      events.emit("uncaughtException", new Kind("out of\nmemory"));
    };
    const error = await train({ ...run, crash, reporter: { ...SILENT, progress } }).catch((thrown) => thrown);
    crash.dispose();
    expect(error).toBeInstanceOf(RunFailedError);
    const { folder: path } = run.run;
    expect(error.message.split("\n")).toEqual([
      "the run ended after iteration 5: out of memory",
      `last good checkpoint: ${join(path, "checkpoints/step-00000005")}`,
      `dnc train --resume=${path} resumes from it`,
    ]);
    // As a run that ends there by itself: the batch of the sixth iteration is drawn again.
    expect(stateOf(path, 5).random).toEqual(stateOf(whole.run.folder, 5).random);
    expect(modelOf(path, 5)).toBe(modelOf(whole.run.folder, 5));
  });

  it("ends even if it hangs", async () => {
    const events = new EventEmitter();
    const crash = new CrashWatch({ events, timeout: 1 });
    const run = await createRun(settings(9));
    run.run.report = () => {
      events.emit("uncaughtException", "gone");
      return new Promise<never>(() => {});
    };
    let asked = 0;
    const stuck = { ...run, crash, shouldStop: () => asked++ === 3 };
    await expect(train(stuck)).rejects.toThrow(
      /^the run ended after iteration 3: gone\nlast good checkpoint: .*step-00000003/,
    );
    crash.dispose();
  });

  it("ends with status 1, a sentence, a checkpoint and no lock after an unhandled error event", () => {
    const folder = temporaryFolder();
    const run = join(folder, "run");
    const hook = join(folder, "hook.mjs");
    // Like the death of a thread: some time after the first report.
    writeFileSync(
      hook,
      `import { EventEmitter } from "node:events";
       import { existsSync } from "node:fs";
       setInterval(() => existsSync(${JSON.stringify(join(run, "metrics.jsonl"))}) &&
         new EventEmitter().emit("error", new Error("a thread died")), 5).unref();`,
    );
    const command = new URL("../bin/dnc.js", import.meta.url).pathname;
    const flags = Object.entries({ ...SMALL, report_interval: "5", num_training_iterations: "10000000" });
    const args = ["--import", hook, command, "train", "--backend=cpu", `--checkpoint_dir=${run}`];
    const words = flags.map(([name, value]) => `--${name}=${value}`);
    const { status, stderr } = spawnSync(process.execPath, [...args, ...words], { encoding: "utf8" });
    expect(stderr).toMatch(
      /^dnc: the run ended after iteration \d+: a thread died\nlast good checkpoint: .*step-\d{8}\nnpx dnc train --resume=.* resumes from it\n$/,
    );
    expect(status).toBe(1);
    expect(existsSync(join(run, "lock"))).toBe(false);
  }, 120_000);
});
