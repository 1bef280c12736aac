import { expect, it } from "vitest";
import * as training from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(training).sort()).toMatchInlineSnapshot(`
    [
      "DivergenceError",
      "RmsProp",
      "TimeLeft",
      "clipByGlobalNorm",
      "constantRate",
      "cosineDecay",
      "createTraining",
      "evaluate",
      "evaluateGrid",
      "linearDecay",
      "lossAndGradients",
      "lossFunction",
      "predict",
      "renderPrediction",
      "samplePrediction",
      "sigmoidCrossEntropy",
      "toTensors",
      "traceSequence",
      "train",
      "trainStep",
    ]
  `);
});
