import { assertLogits, type BatchTargets } from "./batch.js";
import { assertBoolean, assertKeys, describe } from "./checks.js";

/** Keeps the time average of a sequence in which no time step counts finite: the float32 machine epsilon. */
const MIN_COUNT = 2 ** -23;

/** All losses: `sigmoid` is the masked cross-entropy of bits. */
const LOSSES: readonly LossName[] = ["sigmoid"];

/** Name of a loss. */
export type LossName = "sigmoid";

/** Options of a loss: its name, its average over time, and its unit. */
export type LossOptions = {
  /** Name of the loss; default: "sigmoid". */
  readonly loss?: LossName | undefined;
  /** Whether to average over a sequence's counted time steps instead of summing; default: false. */
  readonly timeAverage?: boolean | undefined;
  /** Whether to use bits instead of nats; default: false. */
  readonly logProbInBits?: boolean | undefined;
};

/** The loss of a task, with every option filled in. */
export type TaskLoss = {
  /** Name of the loss. */
  readonly loss: LossName;
  /** Whether it is the mean over a sequence's counted time steps instead of their sum. */
  readonly timeAverage: boolean;
  /** Whether it is in bits instead of nats. */
  readonly logProbInBits: boolean;
};

/**
 * Computes the loss of each sequence: the cross-entropy between targets of bits and the sigmoid of the logits, summed over the
 * bits and over the time steps that count.
 *
 *     loss[b] = sum over t of  mask[t,b] * sum over bits of  max(x,0) - x z + log(1 + exp(-|x|))
 *
 * with logit x and target z. `timeAverage` divides it by (the sum of the sequence's mask + 2^-23), `logProbInBits` by
 * log 2. The sums are in float64. Values where the mask is 0 are ignored, even NaN.
 *
 * Source: the repeat-copy task of DeepMind's dnc package (same options, same defaults). The same loss on tensors, with its
 * gradient, is `sigmoidCrossEntropy` of `@dnc/training`.
 *
 * @param logits - `[timeSteps, batchSize, targetSize]`: outputs before the sigmoid.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param options - See `LossOptions`; default: the sum in nats.
 * @returns `[batchSize]`, non-negative.
 * @throws RangeError if a length does not fit; TypeError if an argument is not a Float32Array or not a batch, or an
 *   option is unknown or of the wrong type.
 */
export function lossPerSequence(logits: Float32Array, batch: BatchTargets, options: LossOptions = {}): Float64Array {
  const { timeAverage, logProbInBits } = completeLossOptions(options);
  const size = assertLogits(logits, batch);
  const losses = addLosses(logits, batch, size, new Float64Array(batch.batchSize));
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
 * @param logits - `[timeSteps, batchSize, targetSize]`: outputs before the sigmoid.
 * @param batch - The batch for which they were computed; its inputs are not read.
 * @param options - See `LossOptions`; default: the sum in nats.
 * @returns A number of at least 0.
 * @throws RangeError if a length does not fit; TypeError if an argument is not a Float32Array or not a batch, or an
 *   option is unknown or of the wrong type.
 */
export function meanLoss(logits: Float32Array, batch: BatchTargets, options: LossOptions = {}): number {
  return totalLoss(logits, batch, options) / batch.batchSize;
}

/**
 * Computes the loss of a network that knows nothing and gives every bit a probability of one half: the natural logarithm of 2
 * for each bit that counts, on average over the sequences of a task.
 *
 *     guessingLoss(repeatCopy()); // 11.26..., nats per sequence
 *
 * @param task - With `meanCountedSteps`, as `copy` and `repeatCopy` have it.
 * @returns Mean loss per sequence, of the task's loss; undefined if the task does not say how many steps count.
 */
export function guessingLoss(
  task: TaskLoss & { readonly targetSize: number; readonly meanCountedSteps?: number | undefined },
): number | undefined {
  const { targetSize, meanCountedSteps, timeAverage, logProbInBits } = task;
  if (meanCountedSteps === undefined) return undefined;
  return (timeAverage ? 1 : meanCountedSteps) * targetSize * (logProbInBits ? 1 : Math.LN2);
}

/**
 * The sum of `lossPerSequence`. Without time average it is added up bit by bit in the order of the arrays: the losses in
 * checkpoints and metrics depend on that order in their last digits.
 */
export function totalLoss(logits: Float32Array, batch: BatchTargets, options: LossOptions): number {
  const { timeAverage, logProbInBits } = completeLossOptions(options);
  if (timeAverage) return lossPerSequence(logits, batch, options).reduce((sum, loss) => sum + loss, 0);
  const size = assertLogits(logits, batch);
  const [total] = addLosses(logits, batch, size, new Float64Array(1));
  return logProbInBits ? total / Math.LN2 : total;
}

/** Fills in the defaults. Throws a TypeError unless `options` are loss options. */
export function completeLossOptions(options: LossOptions): TaskLoss {
  assertKeys("option", options, ["loss", "timeAverage", "logProbInBits"]);
  const { loss = "sigmoid", timeAverage = false, logProbInBits = false } = options;
  if (!LOSSES.includes(loss)) throw new TypeError(`loss: expected one of ${LOSSES.join(", ")}, got ${describe(loss)}`);
  assertBoolean("timeAverage", timeAverage);
  assertBoolean("logProbInBits", logProbInBits);
  return { loss, timeAverage, logProbInBits };
}

/** Adds the loss of each counted bit to the sum of its sequence, or to a single sum; returns the sums. */
function addLosses(logits: Float32Array, { targets, mask }: BatchTargets, size: number, sums: Float64Array) {
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    const end = (row + 1) * size;
    for (let at = row * size; at < end; at++) sums[row % sums.length] += mask[row] * bitLoss(logits[at], targets[at]);
  }
  return sums;
}

/** Computes `max(x,0) - x z + log(1 + exp(-|x|))`, which is accurate for every finite logit. */
function bitLoss(x: number, z: number): number {
  return Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x)));
}

function countedSteps({ batchSize, mask }: BatchTargets): Float64Array {
  const counts = new Float64Array(batchSize);
  mask.forEach((value, row) => {
    counts[row % batchSize] += value;
  });
  return counts;
}
