/** Runs that change when they are resumed, end at an exact match, or have another network, optimizer, schedule or loss. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetwork } from "@dnc/checkpoint/node/network";
import { Dnc, LstmNetwork } from "@dnc/core";
import { configureEngine } from "@dnc/engine-wasm";
import { type CommandLineWords, learningRateSchedule } from "@dnc/settings";
import { afterEach, describe, expect, it } from "vitest";
import { planRun } from "../src/flags/plan.js";
import { readSettings } from "../src/flags/settings.js";
import { openSession } from "../src/run/session.js";
import { type TrainResult, train } from "../src/run/train.js";
import { dnc } from "./commands/saved-run.js";
import { configOf, SILENT, SMALL, temporaryFolder } from "./support.js";

afterEach(() => configureEngine({}));

const words = { ...SMALL, seed: "5", report_interval: "4" };

/** Runs `dnc train` with these flags in this process. */
async function dncTrain(change: CommandLineWords, stopAfter = Number.POSITIVE_INFINITY): Promise<TrainResult> {
  const session = await openSession(await planRun(readSettings(change)), "cpu", () => {});
  const { iterations, until } = session.config.training;
  let asked = 0;
  try {
    return await train({ ...session, iterations, until, reporter: SILENT, shouldStop: () => asked++ >= stopAfter });
  } finally {
    await session.close();
  }
}

const recorded = (run: string) => JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
const metricsOf = (run: string) =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const filesOf = (run: string, step: number) =>
  ["model.safetensors", "optimizer.safetensors"].map((name) =>
    readFileSync(join(run, `checkpoints/step-${String(step).padStart(8, "0")}`, name), "latin1"),
  );

describe("a run that changes when it is resumed", () => {
  it("is recorded with the step and the values, and resumed after it to the same bits", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    const change = { change: true, learning_rate: "0.01", batch_size: "3", max_length: "3" } as const;
    for (const run of [one, two]) {
      await dncTrain({ ...words, num_training_iterations: "6", checkpoint_dir: run });
      await dncTrain({ ...change, resume: run, num_training_iterations: run === one ? "14" : "10" });
    }
    await dncTrain({ resume: two, num_training_iterations: "14" });
    expect(filesOf(two, 14)).toEqual(filesOf(one, 14));
    for (const run of [one, two])
      expect(recorded(run)).toMatchObject({
        ...{ learning_rate: 0.01, batch_size: 3, max_length: 3 },
        changes: [
          {
            step: 6,
            from: { learning_rate: 1e-4, batch_size: 2, max_length: 2 },
            to: { learning_rate: 0.01, batch_size: 3, max_length: 3 },
          },
        ],
      });
  });

  it("resumes even if it was stopped before its next checkpoint, and can change again", async () => {
    const run = join(temporaryFolder(), "run");
    await dncTrain({ ...words, num_training_iterations: "6", checkpoint_dir: run });
    await dncTrain({ resume: run, change: true, learning_rate: "0.01", num_training_iterations: "9" }, 0);
    await dncTrain({ resume: run, num_training_iterations: "8" });
    await dncTrain({ resume: run, change: true, learning_rate: "0.02", num_training_iterations: "9" });
    expect(recorded(run).changes.map(({ step, to }: { step: number; to: object }) => [step, to])).toEqual([
      [6, { learning_rate: 0.01 }],
      [8, { learning_rate: 0.02 }],
    ]);
  });

  it("is refused without the flag that allows it, which the message names", async () => {
    const run = join(temporaryFolder(), "run");
    await dncTrain({ ...words, num_training_iterations: "4", checkpoint_dir: run });
    await expect(dncTrain({ resume: run, learning_rate: "0.01" })).rejects.toThrow(
      /holds a run of other parameters; nothing was changed there; --change allows it:\n {2}learning_rate {2}0\.0001 recorded, 0\.01 requested$/,
    );
    const both = { resume: run, change: true, learning_rate: "0.01", memory_size: "5" } as const;
    await expect(dncTrain(both)).rejects.toThrow(
      /nothing was changed there:\n {2}memory_size {2}4 recorded, 5 requested$/,
    );
    await expect(dncTrain({ ...words, change: true })).rejects.toThrow(
      "--change: expected only with a run to resume, got it with a new run",
    );
    expect(recorded(run)).not.toHaveProperty("changes");
  });
});

describe("a run that ends at an exact match", () => {
  it("ends at the first report that reaches it, records it, and does not continue when it is resumed", async () => {
    const run = join(temporaryFolder(), "run");
    const flags = { ...words, task: "copy", num_bits: "1", max_length: "1", learning_rate: "0.01", until: "0.3" };
    const result = await dncTrain({ ...flags, num_training_iterations: "4000", checkpoint_dir: run });
    const metrics = metricsOf(run);
    expect(result.reached).toBe(metrics.at(-1).held_out_exact_match);
    expect(metrics.at(-1).held_out_exact_match).toBeGreaterThanOrEqual(0.3);
    for (const { held_out_exact_match } of metrics.slice(0, -1)) expect(held_out_exact_match).toBeLessThan(0.3);
    expect(recorded(run).until).toBe(0.3);
    const again = await dncTrain({ resume: run });
    expect(again).toMatchObject({ step: result.step, firstStep: result.step, reached: result.reached });
    const further = await dncTrain({ resume: run, until: "1", num_training_iterations: String(result.step + 1) });
    expect(further).toMatchObject({ step: result.step + 1, reached: undefined });
  });

  it("measures the same sequences whenever it is resumed, and says why it ended", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    const flags = { ...words, until: "1" };
    await dncTrain({ ...flags, num_training_iterations: "8", checkpoint_dir: one });
    await dncTrain({ ...flags, num_training_iterations: "5", checkpoint_dir: two });
    await dncTrain({ resume: two, num_training_iterations: "8" });
    const measured = (run: string) =>
      metricsOf(run).map(({ step, held_out_exact_match }) => [step, held_out_exact_match]);
    expect(measured(two)).toEqual(measured(one));
    const small = Object.entries({ ...words, report_interval: "1" }).map(([name, value]) => `--${name}=${value}`);
    const ended = await dnc(
      "train",
      ...small,
      "--until=1e-9",
      "--task=copy",
      "--num_bits=1",
      "--backend=cpu",
      `--checkpoint_dir=${join(folder, "c")}`,
    );
    expect(ended.stdout).toMatch(
      /^Reached --until=1e-9: \d+\.\d% of the held-out sequences had no error after iteration \d+\.$/m,
    );
  });
});

describe("a schedule of the learning rate", () => {
  const rates = (change: CommandLineWords, at: readonly number[]) => {
    const schedule = learningRateSchedule(configOf({ learning_rate: "0.1", ...change }).training);
    return at.map((iteration) => schedule?.(iteration));
  };

  it("warms up, falls to its final rate, and keeps it", () => {
    expect(rates({}, [1])).toEqual([undefined]);
    expect(rates({ warm_up: "4" }, [1, 2, 4, 9])).toEqual([0.025, 0.05, 0.1, 0.1]);
    const linear = { learning_rate_schedule: "linear", schedule_iterations: "10", final_learning_rate: "0.05" };
    const [first, middle, last, later] = rates(linear, [1, 5, 10, 20]) as number[];
    expect([first, middle, last, later]).toEqual([
      expect.closeTo(0.095),
      expect.closeTo(0.075),
      expect.closeTo(0.05),
      expect.closeTo(0.05),
    ]);
    const cosine = { learning_rate_schedule: "cosine", num_training_iterations: "10" };
    expect(rates(cosine, [5, 10])).toEqual([expect.closeTo(0.0505), expect.closeTo(0.001)]);
  });

  it("is multiplied by a factor at intervals, in steps or smoothly, down to its lowest rate", () => {
    const step = { learning_rate_schedule: "step", schedule_interval: "10", warm_up: "2" };
    expect(rates(step, [1, 2, 11, 12, 22])).toEqual([0.05, 0.1, 0.1, 0.05, 0.025]);
    const lowest = { ...step, schedule_factor: "0.1", final_learning_rate: "0.02" };
    expect(rates(lowest, [11, 12, 99])).toEqual([0.1, 0.02, 0.02]);
    const smooth = { learning_rate_schedule: "exponential", num_training_iterations: "20", schedule_factor: "0.25" };
    expect(rates(smooth, [1, 2, 4])).toEqual([expect.closeTo(0.05), expect.closeTo(0.025), expect.closeTo(0.00625)]);
  });

  it("is the same with more iterations later: the run records where it ends", async () => {
    const folder = temporaryFolder();
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    const flags = { ...words, learning_rate: "0.01", learning_rate_schedule: "cosine", warm_up: "2" };
    await dncTrain({ ...flags, schedule_iterations: "6", num_training_iterations: "9", checkpoint_dir: one });
    await dncTrain({ ...flags, num_training_iterations: "6", checkpoint_dir: two });
    expect(recorded(two)).toMatchObject({ schedule_iterations: 6, learning_rate_schedule: "cosine" });
    await dncTrain({ resume: two, num_training_iterations: "9" });
    expect(filesOf(two, 9)).toEqual(filesOf(one, 9));
  });

  it("can be changed to a constant rate", async () => {
    const run = join(temporaryFolder(), "run");
    await dncTrain({ ...words, learning_rate_schedule: "linear", num_training_iterations: "4", checkpoint_dir: run });
    await dncTrain({ resume: run, change: true, learning_rate_schedule: "constant", num_training_iterations: "6" });
    expect(recorded(run)).not.toHaveProperty("schedule_iterations");
  });

  it("can be changed to steps, without the settings that steps do not have", async () => {
    const run = join(temporaryFolder(), "run");
    await dncTrain({ ...words, learning_rate_schedule: "linear", num_training_iterations: "4", checkpoint_dir: run });
    const steps = { learning_rate_schedule: "step", schedule_interval: "3", schedule_factor: "0.1" } as const;
    await dncTrain({ resume: run, change: true, ...steps, num_training_iterations: "6" });
    expect(recorded(run)).toMatchObject({
      ...{ learning_rate_schedule: "step", schedule_interval: 3, schedule_factor: 0.1 },
      changes: [{ from: { schedule_iterations: 4 }, to: { schedule_interval: 3, schedule_factor: 0.1 } }],
    });
    expect(recorded(run)).not.toHaveProperty("schedule_iterations");
    await dncTrain({ resume: run, num_training_iterations: "8" });
    expect(metricsOf(run).at(-1).step).toBe(8);
  });
});

describe("a run of another network, optimizer or loss", () => {
  it.each<[CommandLineWords, object]>([
    [{ masking: true }, { memory: { masking: { minimum: 0 } } }],
    [
      { masking: "0.25", deallocation: true, sharpness: true },
      { memory: { masking: { minimum: 0.25 }, sharpness: true } },
    ],
    [{ no_links: true }, { memory: { links: false } }],
    [{ layers: "2" }, { controller: "deep-lstm", layers: 2 }],
    [{ controller: "deep-lstm" }, { controller: "deep-lstm", layers: 3 }],
    [{ optimizer: "adam" }, {}],
    [{ optimizer: "adam", beta1: "0.8", beta2: "0.99", learning_rate_schedule: "exponential" }, {}],
    [{ momentum: "0.9", decay: "0.95" }, {}],
    [{ loss: "squared" }, {}],
    [{ loss: "softmax" }, {}],
    [{ network: "lstm" }, { memory: false, hiddenSize: 8, layers: 1 }],
    [
      { network: "lstm", layers: "3", optimizer: "adam" },
      { memory: false, controller: "deep-lstm", layers: 3 },
    ],
  ])(
    "with %o is resumed to the same bits, and opens with all of its settings",
    async (change, config) => {
      const folder = temporaryFolder();
      const [one, two] = [join(folder, "one"), join(folder, "two")];
      const { memory_size: _, word_size: __, num_read_heads: ___, ...lstm } = words;
      const flags = { ...(change.network === "lstm" ? lstm : words), ...change };
      await dncTrain({ ...flags, num_training_iterations: "7", checkpoint_dir: one });
      await dncTrain({ ...flags, num_training_iterations: "3", checkpoint_dir: two });
      await dncTrain({ resume: two, num_training_iterations: "7" });
      expect(filesOf(two, 7)).toEqual(filesOf(one, 7));
      const network = await loadNetwork(one);
      expect(network).toBeInstanceOf(change.network === "lstm" ? LstmNetwork : Dnc);
      expect(network.config).toMatchObject({ ...config, seed: 5 });
      network.dispose();
      const scored = await dnc("eval", one, "--json", "--sequences=3", "--backend=cpu");
      expect(scored.status).toBe(0);
      const unit = change.loss === "squared" ? "number" : change.loss === "softmax" ? "symbol" : "bit";
      const named = Object.keys(JSON.parse(scored.stdout)).filter((key) => key.startsWith("wrong_"));
      expect(named).toEqual([`wrong_${unit}s`, `wrong_${unit}_share`]);
      expect((await dnc("report", one, "--sequences=1", "--max_length=1", "--backend=cpu")).status).toBe(0);
      const traced = await dnc("trace", one, "--backend=cpu");
      if (change.network !== "lstm") expect(JSON.parse(traced.stdout).quantities).toHaveProperty("output");
      else
        expect(traced.stderr).toBe(
          `dnc: expected a run whose network has a memory to trace, got ${one}, whose network is an LSTM\n`,
        );
    },
    60_000,
  );
});
