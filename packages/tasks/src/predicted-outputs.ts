import { assertFloats, assertFloatsOfShape } from "./checks.js";
import { firstLargest, type OutputOptions, outputGroups } from "./output-groups.js";
import { predictedBits } from "./predicted-bits.js";

/**
 * Reads outputs as the task's loss does, where a target counts: as the targets that the network predicts. `Task.render`
 * shows the result as the model's output.
 *
 *     const logits = await predict(network, batch); // predict of @dnc/training
 *     console.log(task.render(batch, predictedOutputs(task, logits, batch.mask)));
 *
 * For `sigmoid` they are `predictedBits`. For `softmax` the first largest output of each group is 1 and the others are 0. For
 * `squared` they are the outputs themselves.
 *
 * @param task - A task, or its loss and group sizes.
 * @param logits - `[timeSteps, batchSize, size]`: the network's outputs.
 * @param mask - `[timeSteps, batchSize]`, 1 where the target counts and 0 elsewhere.
 * @returns `[timeSteps, batchSize, size]`, a new array; 0 where the mask is 0. A NaN output gives NaN; for `softmax` in
 *   its whole group.
 * @throws RangeError if the lengths or the group sizes do not fit; TypeError if an array is not a Float32Array.
 */
export function predictedOutputs(task: OutputOptions, logits: Float32Array, mask: Float32Array): Float32Array {
  const { loss = "sigmoid" } = task;
  if (loss === "sigmoid") return predictedBits(logits, mask);
  assertFloats("mask", mask);
  assertFloatsOfShape("logits", logits, [mask.length, "size"]);
  const size = logits.length / mask.length;
  const outputs = new Float32Array(logits.length);
  const groups = outputGroups(task, size);
  mask.forEach((counts, row) => {
    if (counts === 0) return;
    const first = row * size;
    if (loss === "squared") outputs.set(logits.subarray(first, first + size), first);
    else for (const { start, end } of groups) setOneHot(outputs, logits, first + start, first + end);
  });
  return outputs;
}

/** Sets the output at the first largest logit in [start, end) to 1; if one is NaN, all of them to NaN. */
function setOneHot(outputs: Float32Array, logits: Float32Array, start: number, end: number): void {
  const best = firstLargest(logits, start, end);
  if (best < 0) outputs.fill(Number.NaN, start, end);
  else outputs[best] = 1;
}
