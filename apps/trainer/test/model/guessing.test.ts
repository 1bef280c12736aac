import { createRandom, meanLoss } from "@dnc/tasks";
import { expect, it } from "vitest";
import { createTask } from "../../src/model/create-network.js";
import { lossOfGuessing } from "../../src/model/guessing.js";
import { configOf } from "../support.js";

it.each([
  ["the default", {}],
  ["long patterns", { max_length: "7", num_bits: "8", max_repeats: "5", min_repeats: "2" }],
  ["copy", { task: "copy", min_length: "2", max_length: "9" }],
])("equals the mean loss of zero logits: %s", (_name, words) => {
  const config = configOf(words).task;
  const task = createTask({ ...config, batchSize: 4000 });
  const batch = task.sampleBatch(createRandom(1));
  const mean = meanLoss(new Float32Array(batch.targets.length), batch);
  const exact = lossOfGuessing(config);
  expect(Math.abs(exact / mean - 1)).toBeLessThan(0.03);
});
