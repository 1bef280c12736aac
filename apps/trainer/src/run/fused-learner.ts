import type { Dnc } from "@dnc/core";
import { type InstructionSet, WasmTrainer, type WasmTrainerOptions } from "@dnc/engine-wasm";
import { type Batch, exactMatch } from "@dnc/tasks";
import type { RmsProp } from "@dnc/training";
import * as tf from "@tensorflow/tfjs";
import type { LearnedStep, Learner } from "./learner.js";

/** Learns in the fused engine, one call an iteration; for tasks whose loss is neither averaged nor in bits. */
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

  async step(batch: Batch): Promise<readonly LearnedStep[]> {
    const { timeSteps, batchSize } = batch;
    const { loss, globalNorm, applied } = this.#training.step(batch);
    const matches = exactMatch(this.#training.logits(timeSteps, batchSize), batch);
    const count = matches.reduce((sum, value) => sum + value, 0);
    return [{ loss, globalNorm, exactMatch: count, sequences: batchSize, applied }];
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
