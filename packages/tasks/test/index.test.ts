import { expect, it } from "vitest";
import * as tasks from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(tasks).sort()).toMatchInlineSnapshot(`
    [
      "addScores",
      "copy",
      "createRandom",
      "defineTask",
      "encodeRepeatCopy",
      "exactMatch",
      "guessingLoss",
      "lossPerSequence",
      "meanLoss",
      "phasesOf",
      "predictedBits",
      "predictedOutputs",
      "repeatCopy",
      "restoreRandom",
      "scoreBatch",
      "wrongBits",
      "wrongSymbols",
    ]
  `);
});
