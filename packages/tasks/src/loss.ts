import { assertLogits, type BatchTargets } from "./batch.js";
import { completeLossOptions, type LossName, type LossOptions } from "./loss-options.js";
import { type OutputGroup, outputGroups } from "./output-groups.js";

/** Keeps the time average of a sequence in which no time step counts finite: the float32 machine epsilon. */
const MIN_COUNT = 2 ** -23;

/**
 * Loss of one output for logit x, target z and the normalizer of its group, which is the logarithm of the summed
 * exponentials.
 */
const OUTPUT_LOSS: { readonly [Name in LossName]: (x: number, z: number, normalizer: number) => number } = {
  // max(x,0) - x z + log(1 + exp(-|x|)), which is accurate for every finite logit.
  sigmoid: (x, z) => Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x))),
  softmax: (x, z, normalizer) => z * (normalizer - x),
  squared: (x, z) => 0.5 * (x - z) ** 2,
};

/**
 * Computes the loss of each sequence, summed over the outputs and over the time steps that count.
 *
 *     loss[b] = sum over t of  mask[t,b] * sum over outputs of  c
 *     sigmoid:  c = max(x,0) - x z + log(1 + exp(-|x|))     cross-entropy of bits
 *     softmax:  c = -z log softmax(x)                       cross-entropy of symbols; the softmax is over a group
 *     squared:  c = (x - z)^2 / 2
 *
 * with logit x and target z. `timeAverage` divides it by (the sum of the sequence's mask + 2^-23), `logProbInBits` by
 * log 2. The sums are in float64. Values where the mask is 0 are ignored, even NaN. A group whose targets are all 0
 * costs nothing.
 *
 * Source: for `sigmoid` the repeat-copy task of DeepMind's dnc package (same options, same defaults). The same losses on
 * tensors, with their gradients, are `lossFunction` of `@dnc/training`.
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: the network's outputs.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param options - See `LossOptions`; default: the sum in nats.
 * @returns `[batchSize]`, non-negative.
 * @throws RangeError if a length or the group sizes do not fit; TypeError if an argument is not a Float32Array or not a batch, or an
 *   option is unknown or of the wrong type.
 */
export function lossPerSequence(logits: Float32Array, batch: BatchTargets, options: LossOptions = {}): Float64Array {
  const { loss: name, groupSizes, timeAverage, logProbInBits } = completeLossOptions(options);
  const groups = outputGroups({ groupSizes }, assertLogits(logits, batch));
  const losses = addLosses(logits, batch, { loss: name, groups }, new Float64Array(batch.batchSize));
  if (timeAverage) {
    const counts = countedSteps(batch);
    losses.forEach((loss, sequence) => {
      losses[sequence] = loss / (counts[sequence] + MIN_COUNT);
    });
  }
  return logProbInBits ? losses.map((loss) => loss / Math.LN2) : losses;
}

/**
 * Computes the mean loss of a batch: the mean of `lossPerSequence`, including sequences in which no time step counts.
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: the network's outputs.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param options - See `LossOptions`; default: the sum in nats.
 * @returns A number of at least 0.
 * @throws RangeError if a length or the group sizes do not fit; TypeError if an argument is not a Float32Array or not a batch, or an
 *   option is unknown or of the wrong type.
 */
export function meanLoss(logits: Float32Array, batch: BatchTargets, options: LossOptions = {}): number {
  return totalLoss(logits, batch, options) / batch.batchSize;
}

/**
 * The sum of `lossPerSequence`. Without time average it is added up output by output in the order of the arrays: the losses in
 * checkpoints and metrics depend on that order in their last digits.
 */
export function totalLoss(logits: Float32Array, batch: BatchTargets, options: LossOptions): number {
  const { loss, groupSizes, timeAverage, logProbInBits } = completeLossOptions(options);
  if (timeAverage) return lossPerSequence(logits, batch, options).reduce((sum, loss) => sum + loss, 0);
  const groups = outputGroups({ groupSizes }, assertLogits(logits, batch));
  const [total] = addLosses(logits, batch, { loss, groups }, new Float64Array(1));
  return logProbInBits ? total / Math.LN2 : total;
}

/** Adds the loss of each counted output to the sum of its sequence, or to a single sum; returns the sums. */
function addLosses(
  logits: Float32Array,
  { targets, mask }: BatchTargets,
  { loss, groups }: { readonly loss: LossName; readonly groups: readonly OutputGroup[] },
  sums: Float64Array,
): Float64Array {
  const size = targets.length / mask.length;
  const outputLoss = OUTPUT_LOSS[loss];
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    for (const { start, end } of groups) {
      const last = row * size + end;
      const normalizer = loss === "softmax" ? logSumExp(logits, row * size + start, last) : 0;
      for (let at = row * size + start; at < last; at++)
        sums[row % sums.length] += mask[row] * outputLoss(logits[at], targets[at], normalizer);
    }
  }
  return sums;
}

/** Computes the logarithm of the sum of the exponentials in [start, end), without overflow. */
function logSumExp(values: Float32Array, start: number, end: number): number {
  let largest = values[start];
  for (let at = start + 1; at < end; at++) largest = Math.max(largest, values[at]);
  let sum = 0;
  for (let at = start; at < end; at++) sum += Math.exp(values[at] - largest);
  return largest + Math.log(sum);
}

function countedSteps({ batchSize, mask }: BatchTargets): Float64Array {
  const counts = new Float64Array(batchSize);
  mask.forEach((value, row) => {
    counts[row % batchSize] += value;
  });
  return counts;
}
