import { checkBoolean, checkObject, formatValue } from "@dnc/addressing/checks";
import { checkCount } from "./checks.js";
import type { BatchArrays, LossName } from "./trainer.js";

/** Properties of a trainer that decide which batches it accepts. */
export interface BatchRules {
  /** The loss. */
  readonly loss: LossName;
  /** Whether each batch starts from the final state of the batch before. */
  readonly carryState: boolean;
  /** Number of sequences of the carried state; undefined if there is none. */
  readonly carriedBatchSize?: number | undefined;
}

/** The parts of a batch that say which steps are run. */
export type BatchSteps = Pick<BatchArrays, "timeSteps" | "batchSize" | "mask" | "lengths" | "inputMask">;

/** What numbers must be, in words, and the smallest and the largest that is. */
type Interval = readonly [expected: string, low: number, high: number];

const FINITE: Interval = ["a finite number", -Number.MAX_VALUE, Number.MAX_VALUE];

/** What a target must be for each loss. */
const TARGETS: { readonly [Name in LossName]: Interval } = {
  sigmoid: ["a number in [0, 1]", 0, 1],
  softmax: ["a finite number of at least 0", 0, Number.MAX_VALUE],
  squared: FINITE,
  linear: FINITE,
};

/**
 * Checks a batch.
 *
 * @param given - the batch.
 * @param inputSize - width of an input.
 * @param outputSize - width of an output.
 * @param rules - the trainer's loss, and whether it carries the state; default: the sigmoid loss, from the initial state and
 *   with every step run, so that `lengths`, `inputMask` and `newSequences` are refused.
 * @throws TypeError for a value of the wrong kind or one that the trainer does not support; RangeError if an array has the wrong
 *   length, an input is not finite, a target is not one of the loss, a mask is neither 0 nor 1, a length exceeds the number of time steps,
 *   a step counts that is not run, or the number of sequences differs from that of the carried state.
 */
export function checkBatch(given: BatchArrays, inputSize: number, outputSize: number, rules?: BatchRules): void {
  checkObject("batch", given);
  const { timeSteps, batchSize, inputs, targets, mask, lengths, inputMask, newSequences } = given;
  if (rules === undefined) checkNone({ lengths, inputMask, newSequences: newSequences || undefined });
  checkCount("timeSteps", timeSteps);
  checkCount("batchSize", batchSize);
  checkFloats("inputs", inputs, timeSteps * batchSize * inputSize);
  checkFloats("targets", targets, timeSteps * batchSize * outputSize);
  checkFloats("mask", mask, timeSteps * batchSize);
  checkEach("inputs", inputs, FINITE);
  checkEach("targets", targets, TARGETS[rules?.loss ?? "sigmoid"]);
  checkBits("mask", mask);
  checkRunSteps(given);
  if (newSequences !== undefined) checkBoolean("newSequences", newSequences);
  if (rules !== undefined) checkNewSequences(given, rules);
}

/**
 * Checks which steps of a batch are run, and that only those count in the loss.
 *
 * @param batch - the batch; its `timeSteps`, `batchSize` and `mask` have been checked.
 * @throws TypeError for a value of the wrong kind; RangeError for a wrong length or number.
 */
export function checkRunSteps(batch: BatchSteps): void {
  const { lengths, inputMask } = batch;
  if (lengths !== undefined) checkLengths(batch, lengths);
  if (inputMask !== undefined) checkInputMask(batch, inputMask);
}

/**
 * Checks that the sequences of a batch can continue those of the batch before.
 *
 * @param batch - the batch.
 * @param rules - whether the state is carried, and its number of sequences.
 * @throws TypeError if the batch starts new sequences and no state is carried; RangeError if it has another number of
 *   sequences than the carried state.
 */
export function checkNewSequences(
  { batchSize, newSequences }: Pick<BatchArrays, "batchSize" | "newSequences">,
  { carryState, carriedBatchSize }: Pick<BatchRules, "carryState" | "carriedBatchSize">,
): void {
  if (newSequences && !carryState) throw new TypeError("newSequences: expected false without carryState, got true");
  if (newSequences || carriedBatchSize === undefined || carriedBatchSize === batchSize) return;
  throw new RangeError(
    `batchSize: expected ${carriedBatchSize} as in the batch before, or newSequences: true, got ${batchSize}`,
  );
}

/** Refuses what a trainer of whole sequences would ignore. */
function checkNone(optional: Pick<BatchArrays, "lengths" | "inputMask" | "newSequences">): void {
  for (const [name, value] of Object.entries(optional))
    if (value !== undefined)
      throw new TypeError(`${name}: expected none, because the trainer does not support it, got ${formatValue(value)}`);
}

function checkLengths({ timeSteps, batchSize, mask, inputMask }: BatchSteps, lengths: Uint32Array): void {
  checkTag("lengths", lengths, "Uint32Array");
  checkLength("lengths", lengths, batchSize);
  if (inputMask !== undefined) throw new TypeError("inputMask: expected none, because the batch has lengths, got both");
  for (const [sequence, length] of lengths.entries())
    if (length > timeSteps)
      throw new RangeError(`lengths[${sequence}]: expected at most the ${timeSteps} time steps, got ${length}`);
  checkMask(mask, (row) => Math.floor(row / batchSize) < lengths[row % batchSize]);
}

function checkInputMask({ timeSteps, batchSize, mask }: BatchSteps, inputMask: Float32Array): void {
  checkFloats("inputMask", inputMask, timeSteps * batchSize);
  checkBits("inputMask", inputMask);
  checkMask(mask, (row) => inputMask[row] === 1);
}

/** Checks that only steps that are run count in the loss. */
function checkMask(mask: Float32Array, isRun: (row: number) => boolean): void {
  for (let row = 0; row < mask.length; row++)
    if (mask[row] !== 0 && !isRun(row))
      throw new RangeError(`mask[${row}]: expected 0, because the step is not run, got ${mask[row]}`);
}

function checkFloats(name: string, array: unknown, expected: number): void {
  checkTag(name, array, "Float32Array");
  checkLength(name, array as Float32Array, expected);
}

/** Checks the kind of an array; not with instanceof, because it may come from another realm. */
function checkTag(name: string, array: unknown, kind: "Float32Array" | "Uint32Array"): void {
  if (Object.prototype.toString.call(array) !== `[object ${kind}]`)
    throw new TypeError(`${name}: expected a ${kind}, got ${formatValue(array)}`);
}

function checkLength(name: string, { length }: ArrayLike<number>, expected: number): void {
  if (length !== expected) throw new RangeError(`${name}: expected ${expected} numbers, got ${length}`);
}

/** Compares numbers only: a batch is checked in every iteration, and a small network's takes a few hundred microseconds. */
function checkEach(name: string, array: Float32Array, [expected, low, high]: Interval): void {
  for (let index = 0; index < array.length; index++) {
    const value = array[index];
    if (!(value >= low && value <= high)) throw new RangeError(`${name}[${index}]: expected ${expected}, got ${value}`);
  }
}

function checkBits(name: string, array: Float32Array): void {
  for (let index = 0; index < array.length; index++) {
    const value = array[index];
    if (value !== 0 && value !== 1) throw new RangeError(`${name}[${index}]: expected 0 or 1, got ${value}`);
  }
}
