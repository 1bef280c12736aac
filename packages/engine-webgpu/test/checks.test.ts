import { Dnc } from "@dnc/core";
import { supportsCore } from "@dnc/core/engine";
import { describe, expect, it } from "vitest";
import { WebGpuTrainer, webGpuEngine } from "../src/index.js";
import { rmsProp, TINY } from "./support.js";

const roundedOptions = [
  [
    { optimizer: rmsProp({ learningRate: 1e-46 }) },
    "optimizer.learningRate: expected a finite number above 0 in float32, got 1e-46, which is 0 there",
  ],
  [
    { optimizer: rmsProp({ learningRate: 1e39 }) },
    "optimizer.learningRate: expected a finite number above 0 in float32, got 1e+39, which is Infinity there",
  ],
  [
    { optimizer: rmsProp({ epsilon: 1e-50 }) },
    "optimizer.epsilon: expected a finite number above 0 in float32, got 1e-50, which is 0 there",
  ],
  [{ maxGradNorm: 1e-46 }, "maxGradNorm: expected a finite number above 0 in float32, got 1e-46, which is 0 there"],
  [
    { optimizer: rmsProp({ decay: 1 - 1e-9 }) },
    "optimizer.decay: expected a number in [0, 1) in float32, got 0.999999999, which is 1 there",
  ],
  [
    { optimizer: rmsProp({ decay: 1e-46 }) },
    "optimizer.decay: expected a number in [0, 1) in float32, got 1e-46, which is 0 there",
  ],
] as const;

describe("checks made before anything changes", () => {
  it.each(roundedOptions)("refuse a number that becomes invalid in float32: %j", (options, message) => {
    expect(() => new WebGpuTrainer(new Dnc(TINY), options)).toThrow(new RangeError(message));
  });

  it.each([
    ["one with a custom step", (core: Dnc) => Object.assign(core, { step: core.step.bind(core) })],
    ["a wrapper of one", (core: Dnc) => new Proxy(core, {})],
    ["a core of another class", ({ config, variables }: Dnc) => ({ config, variables, step() {} })],
  ])("refuse %s", (what, change) => {
    const core = change(new Dnc(TINY)) as Dnc;
    expect(supportsCore(webGpuEngine, core)).toBe(`core: expected a stock Dnc, got ${what}`);
    expect(() => new WebGpuTrainer(core)).toThrow(new TypeError(`core: expected a stock Dnc, got ${what}`));
  });
});
