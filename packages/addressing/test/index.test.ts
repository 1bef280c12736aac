import { expect, it } from "vitest";
import * as addressing from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(addressing).sort()).toMatchInlineSnapshot(`
    [
      "allocationWeights",
      "assertShape",
      "backwardReadWeights",
      "batchGather",
      "contentWeights",
      "firstOrder",
      "forwardReadWeights",
      "invertPermutation",
      "memoryRetention",
      "reduceProduct",
      "secondOrderError",
      "sharpenWeights",
      "stopGradient",
      "toFloat32",
      "updateLinkage",
      "updateUsage",
      "weightedSoftmax",
      "withoutLeakCheck",
      "writeAllocationWeights",
    ]
  `);
});
