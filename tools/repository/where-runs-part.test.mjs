import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { saveCheckpoint } from "../../packages/checkpoint/dist/node/index.js";
import { inFolder } from "../testing/in-folder.mjs";
import { whereRunsPart } from "../testing/where-runs-part.mjs";

/**
 * Creates a run in a new folder, in the trainer's layout; `change` modifies the data of an iteration before it is
 * written.
 */
async function run(name, { change = () => {}, steps = [20, 40, 60], seconds = 1, lines = [], config = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "dnc-parting-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "samples"));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ seed: 7, hidden_size: 8, ...config }));
  const metrics = [];
  for (const step of steps) {
    const weights = Float32Array.of(step, 0.25, -0);
    const holds = {
      metrics: { step, loss: 1 / step, gradient_norm: 2, seconds, iterations_per_second: 1 / seconds },
      model: [
        { name: "core/w", shape: [3], values: weights },
        { name: "core/b", shape: [1], values: Float32Array.of(1) },
      ],
      optimizer: [{ name: "core/w", shape: [3], values: weights.slice() }],
      state: { step, seconds, random: { words: [step, 5] }, instruction_set: "simd" },
      sample: `sample ${step}\n`,
    };
    change(step, holds);
    metrics.push(JSON.stringify(holds.metrics));
    writeFileSync(join(folder, `samples/step-${String(step).padStart(8, "0")}.txt`), holds.sample);
    await saveCheckpoint(join(folder, "checkpoints"), holds, { keep: 10 });
  }
  writeFileSync(join(folder, "metrics.jsonl"), `${[...metrics, ...lines].join("\n")}\n`);
  return { name, folder, output: `engine   fused kernel (simd), up to 2 threads\nrun ${folder}\n` };
}

/** Compares a run with a changed one; returns the differences without the two lines about backends. */
async function found(options) {
  const lines = await whereRunsPart([await run("resumed"), await run("whole", options)]);
  return lines.slice(0, -2);
}

/** Changes the data from an iteration on. */
const from = (first, alter) => ({
  change: (step, holds) => {
    if (step >= first) alter(holds);
  },
});

describe("the first difference of two runs", () => {
  it("does not exist if only times differ", async () => {
    expect(await whereRunsPart([await run("resumed"), await run("whole", { seconds: 3 })])).toEqual([]);
  });

  it.each([
    [
      "a loss",
      from(40, ({ metrics }) => (metrics.loss = 3)),
      ["iteration 40: metrics.jsonl, line 2, loss: 0.025 and 3"],
    ],
    [
      "a norm in the last bits",
      from(60, ({ metrics }) => (metrics.gradient_norm = 2 + 2 ** -51)),
      ["iteration 60: metrics.jsonl, line 3, gradient_norm: 2 and 2.0000000000000004"],
    ],
    [
      "a tensor, from its oldest checkpoint on",
      from(40, ({ model }) => (model[0].values[1] = 0.5)),
      ["iteration 40: model, core/w: element 1 is 0.25 and 0.5 (1 of 3 differ)"],
    ],
    [
      "a zero's sign",
      from(60, ({ optimizer }) => (optimizer[0].values[2] = 0)),
      ["iteration 60: optimizer, core/w: element 2 is -0 and 0 (1 of 3 differ)"],
    ],
    [
      "a shape",
      from(20, ({ model }) => (model[0].shape = [1, 3])),
      ["iteration 20: model, core/w: shape [3] and [1,3]"],
    ],
    [
      "the random numbers",
      from(40, ({ state }) => (state.random.words[1] = 6)),
      ["iteration 40: state.json, random.words.1: 5 and 6"],
    ],
    ["a sample", from(40, (holds) => (holds.sample = "another")), ["iteration 40: sample: another text"]],
    ["a setting", { config: { hidden_size: 9 } }, ["config.json, hidden_size: 8 and 9"]],
    [
      "a tensor's name",
      from(60, ({ model }) => (model[1].name = "core/c")),
      ["iteration 60: model, core/b: only in resumed", "iteration 60: model, core/c: only in whole"],
    ],
    [
      "the order in a file",
      from(60, ({ model }) => model.reverse()),
      ["iteration 60: model: other bytes around the same tensors"],
    ],
    [
      "a line that comes twice",
      { lines: ['{"step":60,"loss":1}'] },
      ["iteration 60: metrics.jsonl, line 4: only in whole"],
    ],
    [
      "an end that one has not reached",
      { steps: [20, 40] },
      [
        "iteration 60: metrics.jsonl, line 3: only in resumed",
        "iteration 60: checkpoint: only in resumed",
        "iteration 60: sample: only in resumed",
      ],
    ],
  ])("is reported for %s", async (_, options, lines) => {
    expect(await found(options)).toEqual(lines);
  });

  it("is at the first iteration, whatever differs there", async () => {
    const weights = from(20, ({ model }) => (model[1].values[0] = 2));
    const loss = from(40, ({ metrics }) => (metrics.loss = 3));
    const change = (step, holds) => {
      for (const each of [weights, loss]) each.change(step, holds);
    };
    expect((await found({ change })).map((line) => line.split(":")[0])).toEqual(["iteration 20", "iteration 40"]);
  });

  it("allows a run that was resumed with more iterations, but not one that ended elsewhere", async () => {
    const until = (end) => ({ change: (step, { state }) => (state.config = { num_training_iterations: end(step) }) });
    const whole = await run(
      "whole",
      until(() => 60),
    );
    const resumed = await run(
      "resumed",
      until((step) => (step < 60 ? 40 : 60)),
    );
    expect(await whereRunsPart([resumed, whole])).toEqual([]);
    const [line] = await whereRunsPart([
      await run(
        "resumed",
        until(() => 40),
      ),
      whole,
    ]);
    expect(line).toBe("iteration 60: state.json, config.num_training_iterations: 40 and 60");
  });

  it("includes backend and folder of each run", async () => {
    const whole = await run(
      "whole",
      from(60, ({ state }) => (state.instruction_set = "relaxed-simd")),
    );
    const resumed = await run("resumed");
    const lines = await whereRunsPart([resumed, { ...whole, output: undefined }]);
    expect(lines.slice(-2)).toEqual([
      `resumed in ${resumed.folder}: fused kernel (simd), up to 2 threads; checkpoints and their instruction sets: 20 simd, 40 simd, 60 simd`,
      `whole in ${whole.folder}: engine and threads not known; checkpoints and their instruction sets: 20 simd, 40 simd, 60 relaxed-simd`,
    ]);
  });

  it("reports which checkpoint is damaged", async () => {
    const [one, other] = [await run("resumed"), await run("whole")];
    const file = join(other.folder, "checkpoints/step-00000040/model.safetensors");
    writeFileSync(file, readFileSync(file).subarray(1));
    const [line] = await whereRunsPart([one, other]);
    expect(line).toMatch(/^iteration 40: checkpoint of whole: model\.safetensors: /);
  });

  it("lists a limited number of quantities per file", async () => {
    const many = (value) => ({
      change: (_, holds) => {
        holds.model = Array.from({ length: 20 }, (_, index) => ({
          name: `w${index}`,
          shape: [1],
          values: Float32Array.of(value),
        }));
      },
    });
    const lines = await whereRunsPart([await run("resumed", many(1)), await run("whole", many(2))]);
    expect(lines).toHaveLength(6 + 1 + 2);
    expect(lines[6]).toBe("iteration 20: model: and 14 more");
  });
});

describe("a temporary folder", () => {
  it("is removed if the work succeeds", async () => {
    let place;
    const result = await inFolder("dnc-kept-", async (folder) => {
      place = folder;
      return 7;
    });
    expect([result, existsSync(place)]).toEqual([7, false]);
  });

  it("is kept if the work fails, and the error names it", async () => {
    let place;
    const work = inFolder("dnc-kept-", async (folder) => {
      place = folder;
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      expect(1).toBe(2);
    });
    const error = await work.catch((caught) => caught);
    expect(error.message).toContain(`kept: ${place}`);
    expect(existsSync(place)).toBe(true);
  });
});
