import { expect, it } from "vitest";
import * as training from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(training).sort()).toMatchInlineSnapshot(`
    [
      "Adam",
      "DivergenceError",
      "RmsProp",
      "TimeLeft",
      "clipByGlobalNorm",
      "constantRate",
      "cosineDecay",
      "createOptimizer",
      "createTraining",
      "evaluate",
      "evaluateGrid",
      "linearDecay",
      "lossAndGradients",
      "lossFunction",
      "predict",
      "renderPrediction",
      "sigmoidCrossEntropy",
      "softmaxCrossEntropy",
      "squaredError",
      "toTensors",
      "traceSequence",
      "train",
      "trainStep",
    ]
  `);
});
