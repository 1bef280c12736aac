import { describe, expect, it } from "vitest";
import { predictedBits } from "../src/predicted-bits.js";
import { predictedOutputs } from "../src/predicted-outputs.js";

const LOGITS = Float32Array.of(0.5, 3, -2, 1, 1, 0, -4, -3, 9, 9);
const MASK = Float32Array.of(1, 0);

describe("predictedOutputs", () => {
  it("are bits for sigmoid, which is the default", () => {
    expect(predictedOutputs({ loss: "sigmoid" }, LOGITS, MASK)).toEqual(predictedBits(LOGITS, MASK));
    expect(predictedOutputs({}, LOGITS, MASK)).toEqual(predictedBits(LOGITS, MASK));
  });

  it("are one-hot in each group for softmax, at the first largest logit", () => {
    const task = { loss: "softmax", groupSizes: [3, 2] } as const;
    expect(Array.from(predictedOutputs(task, LOGITS, MASK))).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    expect(Array.from(predictedOutputs({ loss: "softmax" }, LOGITS, MASK))).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("are the numbers themselves for squared, and 0 where nothing counts", () => {
    expect(Array.from(predictedOutputs({ loss: "squared" }, LOGITS, MASK))).toEqual([0.5, 3, -2, 1, 1, 0, 0, 0, 0, 0]);
  });

  it("are NaN where an output is", () => {
    const logits = Float32Array.of(1, Number.NaN, 2, 3);
    const of = (loss: "softmax" | "squared") =>
      Array.from(
        predictedOutputs({ loss, groupSizes: loss === "softmax" ? [2, 2] : undefined }, logits, Float32Array.of(1)),
      );
    expect(of("softmax")).toEqual([Number.NaN, Number.NaN, 0, 1]);
    expect(of("squared")).toEqual([1, Number.NaN, 2, 3]);
  });

  it("reject what does not fit", () => {
    expect(() => predictedOutputs({ loss: "softmax", groupSizes: [3] }, LOGITS, MASK)).toThrow(
      new RangeError("groupSizes: expected sizes that add up to the 5 outputs, got 3"),
    );
    expect(() => predictedOutputs({ loss: "squared" }, new Float32Array(3), MASK)).toThrow(
      new RangeError("logits: expected [2, size], a multiple of 2 numbers, got 3"),
    );
    expect(() => predictedOutputs({ loss: "hinge" as never }, LOGITS, MASK)).toThrow(
      new TypeError('loss: expected one of sigmoid, softmax, squared, got "hinge"'),
    );
  });
});
