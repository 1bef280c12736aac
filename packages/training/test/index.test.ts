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
      "createSchedule",
      "createTraining",
      "evaluate",
      "evaluateGrid",
      "exponentialDecay",
      "lessons",
      "linearDecay",
      "lossAndGradients",
      "lossFunction",
      "predict",
      "renderPrediction",
      "rollOut",
      "samplePrediction",
      "sigmoidCrossEntropy",
      "softmaxCrossEntropy",
      "squaredError",
      "stepDecay",
      "toTensors",
      "traceSequence",
      "train",
      "trainStep",
    ]
  `);
});
