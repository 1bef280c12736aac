import type { Dnc } from "@dnc/core";
import { type InstructionSet, WasmTrainer, type WasmTrainerOptions } from "@dnc/engine-wasm";
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
  readonly #training: WasmTrainer;

  /** @throws RangeError if a number is out of range or the network cannot have the memory that it needs. */
  constructor(core: Dnc, optimizer: RmsProp, options: WasmTrainerOptions) {
    this.#optimizer = optimizer;
    this.#training = new WasmTrainer(core, options);
    this.instructionSet = this.#training.instructionSet;
    this.what = this.#training.description;
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
    const [timeSteps, batchSize] = given.mask.shape;
    const { observations: inputs, target: targets, mask } = batchArrays(given);
    const { loss, globalNorm, applied } = this.#training.step({ timeSteps, batchSize, inputs, targets, mask });
    const solved = countSolved(this.#training.logits(timeSteps, batchSize), targets, mask, batchSize);
    return [{ loss, globalNorm, solved, sequences: batchSize, applied }];
  }

  async results(): Promise<readonly LearnedStep[]> {
    return [];
  }

  async sync(): Promise<void> {
    this.#training.writeToVariables();
    let at = 0;
    for (const { variable } of this.#optimizer.variables) {
      const values = this.#training.optimizerState.meanSquares.slice(at, at + variable.size);
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
      at += variable.size;
    }
  }

  async load(): Promise<void> {
    let at = 0;
    for (const { variable } of this.#optimizer.variables) {
      this.#training.optimizerState.meanSquares.set(variable.dataSync<"float32">(), at);
      at += variable.size;
    }
    this.#training.readFromVariables();
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
