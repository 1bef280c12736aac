import type { Dnc } from "@dnc/core";
import { FusedTraining, type FusedTrainingOptions, type InstructionSet } from "@dnc/engine-wasm";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { batchArrays } from "./batch-arrays.js";
import type { LearnedStep, Learner } from "./learner.js";
import type { RmsProp } from "./training/rms-prop.js";

/** Up to here the float32 sigmoid is at most one half, which rounds to zero. */
const GREATEST_LOGIT_OF_ZERO = 2 ** -23;

/** Learns in the fused engine, one call an iteration; for tasks whose cost is neither averaged nor in bits. */
export class FusedLearner implements Learner {
  readonly what: string;
  readonly instructionSet: InstructionSet;
  readonly #optimizer: RmsProp;
  readonly #training: FusedTraining;

  /** @throws RangeError if a number is out of range or the network cannot have the memory that it needs. */
  constructor(core: Dnc, optimizer: RmsProp, options: FusedTrainingOptions) {
    this.#optimizer = optimizer;
    this.#training = new FusedTraining(core, options);
    const { instructionSet, threads } = this.#training;
    const number = threads === 1 ? "1 thread" : `up to ${threads} threads`;
    this.instructionSet = instructionSet;
    this.what = `fused WebAssembly kernel (${instructionSet}), ${number}`;
  }

  /**
   * Takes the memory for the largest batch to come.
   *
   * @throws RangeError if WebAssembly cannot have it, with the size.
   */
  reserve(time: number, batch: number): void {
    this.#training.reserve(time, batch);
  }

  async step(given: Batch): Promise<readonly LearnedStep[]> {
    const [time, batch] = given.mask.shape;
    const arrays = batchArrays(given);
    const { loss, globalNorm, applied } = this.#training.step({ time, batch, ...arrays });
    const solved = countSolved(this.#training.logits(time, batch), arrays.target, arrays.mask, batch);
    return [{ loss, globalNorm, solved, sequences: batch, applied }];
  }

  async results(): Promise<readonly LearnedStep[]> {
    return [];
  }

  async sync(): Promise<void> {
    this.#training.pull();
    let at = 0;
    for (const { variable } of this.#optimizer.variables) {
      const values = this.#training.meanSquares.slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      at += variable.size;
    }
  }

  async load(): Promise<void> {
    let at = 0;
    for (const { variable } of this.#optimizer.variables) {
      this.#training.meanSquares.set(variable.dataSync<"float32">(), at);
      at += variable.size;
    }
    this.#training.push();
  }

  dispose(): void {
    this.#training.dispose();
  }
}

/**
 * What `solvedSequences` of the tasks counts, on plain arrays: elements whose masked bits all equal the target.
 *
 * @param logits - `[time, batch, bits]`, as `target`.
 * @param mask - `[time, batch]`.
 */
export function countSolved(logits: Float32Array, target: Float32Array, mask: Float32Array, batch: number): number {
  const bits = logits.length / mask.length;
  const wrong = new Uint8Array(batch);
  for (let row = 0; row < mask.length; row++) {
    if (mask[row] === 0) continue;
    for (let at = row * bits; at < (row + 1) * bits; at++) {
      const right = target[at] === 1 ? logits[at] > GREATEST_LOGIT_OF_ZERO : logits[at] <= GREATEST_LOGIT_OF_ZERO;
      if (!right) wrong[row % batch] = 1;
    }
  }
  return batch - wrong.reduce((sum, value) => sum + value, 0);
}
