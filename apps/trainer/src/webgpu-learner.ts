import type { Dnc } from "@dnc/core";
import { FusedTraining, type FusedTrainingOptions } from "@dnc/engine-webgpu";
import type { Batch } from "@dnc/tasks";
import type { RmsProp } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import { batchArrays } from "./batch-arrays.js";
import type { LearnedStep, Learner } from "./learner.js";

/**
 * Learns in the fused kernels on a GPU, which are given one iteration after the other and asked for what they found now and
 * then; for tasks whose loss is neither averaged nor in bits.
 */
export class WebGpuLearner implements Learner {
  readonly what = "fused WebGPU kernels";
  readonly #optimizer: RmsProp;
  readonly #training: FusedTraining;
  /** Sequences of each iteration that has not been told of. */
  readonly #sequences: number[] = [];

  /** @throws RangeError if a number is out of range or the GPU has no buffer of the size that is needed. */
  constructor(core: Dnc, optimizer: RmsProp, options: FusedTrainingOptions) {
    this.#optimizer = optimizer;
    this.#training = new FusedTraining(core, options);
  }

  /**
   * Takes the memory for the largest batch to come.
   *
   * @throws RangeError if the GPU has no buffer of the size that is needed.
   */
  reserve(time: number, batch: number): void {
    this.#training.reserve(time, batch);
  }

  async step(batch: Batch): Promise<readonly LearnedStep[]> {
    this.#training.step(batchArrays(batch));
    this.#sequences.push(batch.batchSize);
    return [];
  }

  async results(): Promise<readonly LearnedStep[]> {
    const found = await this.#training.results();
    const counts = this.#sequences.splice(0, found.length);
    return found.map(({ solved, ...step }, index) => ({ ...step, exactMatch: solved, sequences: counts[index] }));
  }

  async sync(): Promise<void> {
    await this.#training.pull();
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
      this.#training.meanSquares.set(await variable.data<"float32">(), at);
      at += variable.size;
    }
    this.#training.push();
  }

  dispose(): void {
    this.#training.dispose();
  }
}
