import { expect, it } from "vitest";
import * as tasks from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(tasks).sort()).toMatchInlineSnapshot(`
    [
      "copy",
      "createRandom",
      "defineTask",
      "encodeRepeatCopy",
      "maskedSigmoidCrossEntropy",
      "modelOutput",
      "repeatCopy",
      "restoreRandom",
      "solvedSequences",
    ]
  `);
});
