import { variableShapes } from "@dnc/core";
import { describe, expect, it } from "vitest";
import { type BuiltInTask, type RunConfig, UsageError } from "../../src/index.js";
import { checkSizes as check, checkSizesForOps as checkForOps } from "../../src/model/sizes.js";
import { configOf } from "../support.js";

/** Creates the task of a configuration, which is a built-in one. */
const taskOf = ({ task: { source, ...sizes } }: RunConfig) => (source as BuiltInTask).create(sizes);
const checkSizes = (config: RunConfig, memory: number) => check(config.network, taskOf(config), memory);
const checkSizesForOps = (config: RunConfig, memory: number) => checkForOps(config.network, taskOf(config), memory);

describe("checkSizes", () => {
  it("accepts the defaults on a small machine", () => {
    expect(() => checkSizes(configOf({}), 256 * 2 ** 20)).not.toThrow();
  });

  it("adds the copies of the parameters and the inputs", () => {
    const config = configOf({ num_bits: "1000000" });
    expect(() => checkSizes(config, 2 ** 32)).toThrow(
      /^too large: the parameters \(3\.85e\+8, 4 times\) and the inputs of a batch need 6\.\d+ GiB; expected/,
    );
    expect(() => checkSizes(config, 2 ** 34)).not.toThrow();
  });

  it("refuses what exceeds the size limit of a checkpoint, and nothing smaller", () => {
    // (20 bits): the most hidden units whose parameters fit into 2 GiB less 1 MiB, and one more.
    const config = (hidden: number) => configOf({ num_bits: "20", hidden_size: String(hidden) });
    const most = 2 ** 29 - 2 ** 18;
    let hidden = 1;
    const defaults = configOf({ num_bits: "20" });
    const withHidden = (hiddenSize: number) => ({ ...defaults, network: { ...defaults.network, hiddenSize } });
    const { kind: _, ...network } = defaults.network;
    const parameters = (hiddenSize: number) =>
      variableShapes({ ...network, inputSize: 22, outputSize: 21, hiddenSize })
        .map(({ shape }) => shape.reduce((size, length) => size * length, 1))
        .reduce((sum, size) => sum + size, 0);
    while (parameters(hidden + 1) <= most) hidden++;
    expect(() => checkSizes(config(hidden), 2 ** 40)).not.toThrow();
    expect(() => checkSizes(withHidden(hidden + 1), 2 ** 40)).toThrow(
      `too large: the parameters; expected at most ${most} numbers, which one file of a checkpoint can hold, got 53`,
    );
  });

  it("names what exceeds the machine's memory", () => {
    const config = configOf({ memory_size: "1024", batch_size: "1" });
    const sentence = (each: string, need: string, has: string) =>
      new UsageError(
        `too large: the link matrices of 9 steps (${each}batch_size * num_write_heads * memory_size^2 numbers each) ` +
          `need ${need} GiB; expected at most the machine's ${has} GiB`,
      );
    expect(() => checkSizes(config, 2 ** 25)).toThrow(sentence("", "0.0352", "0.0313"));
    expect(() => checkSizes(config, 2 ** 27)).not.toThrow();
    expect(() => checkSizesForOps(config, 2 ** 27)).toThrow(sentence("4 * ", "0.141", "0.125"));
  });

  it("knows no memory of a page, but the limits of a tensor", () => {
    const { network, ...config } = configOf({ memory_size: "4096", batch_size: "1" });
    const task = { ...taskOf({ network, ...config }), maxTimeSteps: 1e6 };
    expect(() => check(network, task)).not.toThrow();
    expect(() => checkForOps(network, task)).not.toThrow();
    expect(() => check({ ...network, memorySize: 2 ** 16 }, task)).toThrow(
      /^too large: the link matrices .* single tensor/,
    );
  });
});
