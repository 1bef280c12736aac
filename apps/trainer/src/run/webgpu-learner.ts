import type { Dnc } from "@dnc/core";
import type { TrainerOptions } from "@dnc/core/engine";
import { WebGpuTrainer } from "@dnc/engine-webgpu";
import type { Batch } from "@dnc/tasks";
import type { RmsProp } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import type { LearnedStep, Learner } from "./learner.js";

/**
 * Learns in the fused kernels on a GPU, which are given one iteration after the other and asked for what they found now and
 * then; for tasks whose loss is neither averaged nor in bits.
 */
export class WebGpuLearner implements Learner {
  readonly what: string;
  readonly #optimizer: RmsProp;
  readonly #training: WebGpuTrainer;
  /** Sequences of each iteration that has not been told of. */
  readonly #sequences: number[] = [];

  /** @throws RangeError if a number is out of range or the GPU has no buffer of the size that is needed. */
  constructor(core: Dnc, optimizer: RmsProp, options: TrainerOptions) {
    this.#optimizer = optimizer;
    this.#training = new WebGpuTrainer(core, options);
    this.what = this.#training.description;
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
    this.#training.step(batch);
    this.#sequences.push(batch.batchSize);
    return [];
  }

  async results(): Promise<readonly LearnedStep[]> {
    const found = await this.#training.flush();
    const counts = this.#sequences.splice(0, found.length);
    return found.map(({ exactMatch = 0, ...step }, index) => ({ ...step, exactMatch, sequences: counts[index] }));
  }

  async sync(): Promise<void> {
    await this.#training.writeToVariables();
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
      this.#training.optimizerState.meanSquares.set(await variable.data<"float32">(), at);
      at += variable.size;
    }
    this.#training.readFromVariables();
  }

  dispose(): void {
    this.#training.dispose();
  }
}
