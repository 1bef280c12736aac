import { expect, it } from "vitest";
import * as tasks from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(tasks).sort()).toMatchInlineSnapshot(`
    [
      "FAMILY_TREE",
      "GRAPH_LESSONS",
      "UNDERGROUND",
      "addScores",
      "answerErrors",
      "associativeRecall",
      "babi",
      "babiWords",
      "bigRepeatCopy",
      "copy",
      "createRandom",
      "defineTask",
      "dynamicAllocation",
      "dynamicNGrams",
      "encodeRepeatCopy",
      "exactMatch",
      "graphInference",
      "graphTraversal",
      "guessingLoss",
      "inferenceRelations",
      "isEpisodeTask",
      "keyValue",
      "lossPerSequence",
      "meanLoss",
      "optimalNGramLoss",
      "phasesOf",
      "predictedBits",
      "predictedOutputs",
      "prioritySort",
      "readBabiStories",
      "repeatCopy",
      "restoreRandom",
      "scoreBatch",
      "scoreEpisodes",
      "twoWayKeyValue",
      "wrongBits",
      "wrongSymbols",
    ]
  `);
});
