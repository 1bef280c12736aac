import { describe, expect, it } from "vitest";
import {
  biasCorrections,
  completeGroupSizes,
  completeOptimizerOptions,
  completeTrainerOptions,
  momentShare,
  newShare,
  type TrainerOptions,
} from "../../src/engine/index.js";

const RMS_PROP = { type: "rmsprop", learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, momentum: 0 } as const;
const ADAM = { type: "adam", learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

describe("completeTrainerOptions", () => {
  it("has the reference's defaults for absent and undefined values", () => {
    const rest = { maxGradNorm: 50, loss: "sigmoid", groupSizes: undefined, carryState: false };
    const defaults = { optimizer: RMS_PROP, ...rest };
    expect(completeTrainerOptions({})).toEqual(defaults);
    expect(completeTrainerOptions({ optimizer: { type: "adam" } })).toEqual({ optimizer: ADAM, ...rest });
    expect(completeTrainerOptions({ optimizer: undefined, maxGradNorm: undefined, loss: undefined })).toEqual(defaults);
    expect(completeTrainerOptions({ optimizer: { type: "rmsprop", epsilon: undefined } })).toEqual(defaults);
  });

  it("uses the given values", () => {
    const optimizer = { ...RMS_PROP, learningRate: 0.5, momentum: 0.9 };
    expect(completeTrainerOptions({ optimizer, maxGradNorm: 1, loss: "squared", carryState: true })).toEqual({
      ...{ optimizer, maxGradNorm: 1, loss: "squared", groupSizes: undefined, carryState: true },
    });
    expect(completeTrainerOptions({ loss: "softmax", groupSizes: [3, 1] }).groupSizes).toEqual([3, 1]);
  });

  it.each([
    [null, TypeError, "options: expected an object, got null"],
    [{ learningRate: 1 }, TypeError, 'options: unknown key "learningRate"'],
    [{ loss: "hinge" }, TypeError, 'loss: expected "sigmoid", "softmax", "squared" or "linear", got "hinge"'],
    [{ groupSizes: [2] }, TypeError, 'groupSizes: expected none for loss "sigmoid", got an array'],
    [{ loss: "softmax", groupSizes: 3 }, TypeError, "groupSizes: expected an array of sizes, got 3"],
    [{ loss: "softmax", groupSizes: [] }, RangeError, "groupSizes: expected at least one size, got none"],
    [{ loss: "softmax", groupSizes: [2, 0] }, RangeError, "groupSizes[1]: expected an integer above 0, got 0"],
    [{ loss: "softmax", groupSizes: ["2"] }, TypeError, 'groupSizes[0]: expected a number, got "2"'],
    [{ carryState: 1 }, TypeError, "carryState: expected true or false, got 1"],
    [{ optimizer: "adam" }, TypeError, 'optimizer: expected an object, got "adam"'],
    [{ optimizer: {} }, TypeError, 'optimizer.type: expected "rmsprop" or "adam", got undefined'],
    [{ optimizer: { type: "sgd" } }, TypeError, 'optimizer.type: expected "rmsprop" or "adam", got "sgd"'],
    [{ optimizer: { type: "adam", decay: 0.9 } }, TypeError, 'optimizer: unknown key "decay"'],
    [{ optimizer: { type: "rmsprop", beta1: 0.9 } }, TypeError, 'optimizer: unknown key "beta1"'],
    [{ optimizer: { type: "adam", beta2: 1 } }, RangeError, "optimizer.beta2: expected a number in [0, 1), got 1"],
    [
      { optimizer: { type: "adam", epsilon: 0 } },
      RangeError,
      "optimizer.epsilon: expected a finite number above 0, got 0",
    ],
    [{ optimizer: { type: "rmsprop", rate: 1 } }, TypeError, 'optimizer: unknown key "rate"'],
    [
      { optimizer: { type: "rmsprop", momentum: 1 } },
      RangeError,
      "optimizer.momentum: expected a number in [0, 1), got 1",
    ],
    [{ maxGradNorm: 0 }, RangeError, "maxGradNorm: expected a finite number above 0, got 0"],
  ])("refuses %j", (options, kind, message) => {
    expect(() => completeTrainerOptions(options as TrainerOptions)).toThrow(new (kind as ErrorConstructor)(message));
  });
});

describe("completeGroupSizes", () => {
  it("makes one group of all outputs of absent sizes", () => {
    expect(completeGroupSizes(undefined, 7)).toEqual([7]);
  });

  it("returns sizes that add up to the outputs", () => {
    expect(completeGroupSizes([3, 4], 7)).toEqual([3, 4]);
    const message = "groupSizes: expected sizes that add up to the 7 outputs, got 6";
    expect(() => completeGroupSizes([3, 3], 7)).toThrow(new RangeError(message));
  });
});

describe("completeOptimizerOptions", () => {
  it("knows which optimizer the options are of", () => {
    const { momentum } = completeOptimizerOptions({ type: "rmsprop" });
    const { beta1 } = completeOptimizerOptions({ type: "adam" });
    expect([momentum, beta1]).toEqual([0, 0.9]);
  });
});

describe("momentShare", () => {
  it("is 1 - beta, rounded once", () => {
    expect(momentShare(0.999)).toBe(Math.fround(0.001));
    expect(momentShare(0.999)).not.toBe(newShare(0.999));
  });
});

describe("newShare", () => {
  it("is the difference of 1 and the decay in float32", () => {
    expect(newShare(0.9)).toBe(Math.fround(1 - 0.8999999761581421));
    expect(newShare(0)).toBe(1);
  });
});

describe("biasCorrections", () => {
  it("are 1 over the weight that the means have collected", () => {
    expect(biasCorrections({ beta1: 0.5, beta2: 0.75 }, 1)).toEqual({ first: 2, second: 4 });
    expect(biasCorrections({ beta1: 0.5, beta2: 0 }, 2)).toEqual({ first: Math.fround(4 / 3), second: 1 });
    expect(biasCorrections({ beta1: 0.9, beta2: 0.999 }, 1e6)).toEqual({ first: 1, second: 1 });
  });

  it("do not cancel in float32", () => {
    expect(biasCorrections({ beta1: 0.9, beta2: 0.999 }, 1).second).toBe(1000);
  });
});
