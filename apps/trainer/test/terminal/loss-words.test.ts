import { describe, expect, it } from "vitest";
import { lossUnit, scoredUnit } from "../../src/terminal/loss-words.js";

describe("the words of a loss", () => {
  it.each([
    [{ loss: "sigmoid", timeAverage: false, logProbInBits: false }, "nats per sequence", "bit"],
    [{ loss: "softmax", timeAverage: true, logProbInBits: true }, "bits per time step", "symbol"],
    [{ loss: "squared", timeAverage: false, logProbInBits: false }, "halved squared error per sequence", "number"],
  ] as const)("of %o are its unit, and what is right or wrong", (task, unit, scored) => {
    expect([lossUnit(task), scoredUnit(task)]).toEqual([unit, scored]);
  });
});
