/** From settings to a training that runs, as a page does it. */
import { registerEngine } from "@dnc/core/engine";
import { wasmEngine } from "@dnc/engine-wasm";
import type { TrainingState } from "@dnc/training";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { type BuildOptions, buildRun, loadRunConfig, type RunParts, resolveSettings } from "../src/index.js";
import { PRESETS } from "./presets.js";
import { SMALL } from "./support.js";

beforeAll(() => registerEngine(wasmEngine));

const { num_bits: _, ...NETWORK } = SMALL;

/** A schedule would depend on the number of iterations. */
const CONSTANT = { learning_rate_schedule: "constant" } as const;

/** Builds the run of a preset with a small network, and frees it after the test. */
async function build(name: string, iterations: number, options: Partial<BuildOptions> = {}): Promise<RunParts> {
  const [, preset] = PRESETS.find(([each]) => each === name) as (typeof PRESETS)[number];
  const form = { label: "form", values: { ...NETWORK, num_training_iterations: iterations, report_interval: 2 } };
  const { config } = await loadRunConfig(
    resolveSettings({ preset: { name, settings: preset.settings }, config: form, words: CONSTANT }),
  );
  const parts = await buildRun(config, { seed: 3, ...options });
  onTestFinished(() => parts.dispose());
  return parts;
}

/** Lists all variables of a run. */
const variablesOf = ({ network, optimizer, value }: Pick<RunParts, "network" | "optimizer" | "value">) => [
  ...[...network.variables, ...optimizer.variables],
  ...(value ? [...value.network.variables, ...value.optimizer.variables] : []),
];

/** Copies the numbers of all variables of a run. */
const numbersOf = (parts: RunParts) => variablesOf(parts).map(({ variable }) => variable.dataSync().slice());

it.each(["copy", "big-repeat-copy", "mini-shrdlu"])(
  "%s trains on from where it was saved, to the same bits",
  async (name) => {
    const whole = await build(name, 6);
    await whole.training.run();
    const first = await build(name, 3);
    await first.training.run();
    const [numbers, state] = [numbersOf(first), JSON.parse(JSON.stringify(first.training.state)) as TrainingState];
    const rest = await build(name, 6, {
      restore: (parts) => {
        for (const [index, { variable }] of variablesOf(parts).entries())
          variable.assign(tf.tensor(numbers[index] as Float32Array, variable.shape));
        return state;
      },
    });
    expect(numbersOf(rest)).toEqual(numbers);
    await rest.training.run();
    expect(rest.training.step).toBe(6);
    expect(numbersOf(rest)).toEqual(numbersOf(whole));
  },
);

it("has a value network exactly for the task that needs one, with weights of its own", async () => {
  expect((await build("copy", 1)).value).toBeUndefined();
  const { network, value } = await build("mini-shrdlu", 1);
  expect(value?.network.variables).toHaveLength(network.variables.length);
  const [own, other] = [network, value?.network].map((each) => each?.variables[0]?.variable.dataSync());
  expect(other?.length).toBe(own?.length);
  expect(other).not.toEqual(own);
});

it("asks for the learning rate at each iteration, if it may change", async () => {
  const asked: number[] = [];
  const learningRate = (iteration: number) => {
    asked.push(iteration);
    return 1e-30;
  };
  const still = await build("copy", 4, { learningRate });
  const weightsOf = ({ network }: RunParts) => network.variables.flatMap(({ variable }) => [...variable.dataSync()]);
  const largestChange = (parts: RunParts) =>
    Math.max(...weightsOf(parts).map((weight, index) => Math.abs(weight - (weights[index] as number))));
  const weights = weightsOf(still);
  await still.training.run();
  expect(asked).toEqual([1, 2, 3, 4]);
  expect(largestChange(still)).toBeLessThan(1e-28);
  const moving = await build("copy", 4);
  await moving.training.run();
  expect(largestChange(moving)).toBeGreaterThan(1e-5);
});
