import { describe, expect, it } from "vitest";
import { completeTrainerOptions, supportsStandardTraining, type TrainerOptions } from "../../src/engine/index.js";

const RMS_PROP = { type: "rmsprop", learningRate: 1e-4, decay: 0.9, epsilon: 1e-10, momentum: 0 };

describe("completeTrainerOptions", () => {
  it("has the reference's defaults for absent and undefined values", () => {
    const defaults = { optimizer: RMS_PROP, maxGradNorm: 50, loss: "sigmoid" };
    expect(completeTrainerOptions({})).toEqual(defaults);
    expect(completeTrainerOptions({ optimizer: undefined, maxGradNorm: undefined, loss: undefined })).toEqual(defaults);
    expect(completeTrainerOptions({ optimizer: { type: "rmsprop", epsilon: undefined } })).toEqual(defaults);
  });

  it("uses the given values", () => {
    const optimizer = { ...RMS_PROP, learningRate: 0.5, momentum: 0.9 } as const;
    expect(completeTrainerOptions({ optimizer: { ...optimizer, type: "rmsprop" }, maxGradNorm: 1 })).toEqual({
      optimizer,
      maxGradNorm: 1,
      loss: "sigmoid",
    });
  });

  it.each([
    [null, TypeError, "options: expected an object, got null"],
    [{ learningRate: 1 }, TypeError, 'options: unknown key "learningRate"'],
    [{ loss: "hinge" }, TypeError, 'loss: expected "sigmoid", got "hinge"'],
    [{ optimizer: "adam" }, TypeError, 'optimizer: expected an object, got "adam"'],
    [{ optimizer: { type: "sgd" } }, TypeError, 'optimizer.type: expected "rmsprop", got "sgd"'],
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

describe("supportsStandardTraining", () => {
  it.each([
    [undefined, true],
    [{}, true],
    [{ loss: "sigmoid", optimizer: { type: "rmsprop", momentum: 0 } }, true],
    [{ loss: "softmax" }, 'loss: expected "sigmoid", got "softmax"'],
    [{ optimizer: { type: "adam" } }, 'optimizer.type: expected "rmsprop", got "adam"'],
    [{ optimizer: { type: "rmsprop", momentum: 0.9 } }, "optimizer.momentum: expected 0, got 0.9"],
  ])("of %j is %j", (options, expected) => {
    expect(supportsStandardTraining(options as never)).toBe(expected);
  });
});
