import { expect, it } from "vitest";
import * as training from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(training).sort()).toMatchInlineSnapshot(`
    [
      "DivergenceError",
      "RmsProp",
      "clipByGlobalNorm",
      "constantRate",
      "cosineDecay",
      "createTraining",
      "evaluate",
      "linearDecay",
      "lossAndGradients",
      "lossFunction",
      "predict",
      "sigmoidCrossEntropy",
      "toTensors",
      "traceSequence",
      "train",
      "trainStep",
    ]
  `);
});
