import { expect, it } from "vitest";
import * as training from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(training).sort()).toMatchInlineSnapshot(`
    [
      "RmsProp",
      "clipByGlobalNorm",
      "lossAndGradients",
      "lossFunction",
      "sigmoidCrossEntropy",
      "toTensors",
      "trainStep",
    ]
  `);
});
