import type { Dnc } from "@dnc/core";
import type { InstructionSet } from "@dnc/engine-wasm";
import type { Batch, Task } from "@dnc/tasks";
import { lossFunction, type RmsProp, trainStep } from "@dnc/training";

/** What an iteration found. */
export interface LearnedStep {
  /** Before the update. */
  readonly loss: number;
  /** Length of all gradients together, before they were clipped. */
  readonly globalNorm: number;
  /** Sequences of the batch without a wrong bit. */
  readonly exactMatch: number;
  /** Sequences of the batch. */
  readonly sequences: number;
  /** false if loss or norm is not finite: then nothing has moved. */
  readonly applied: boolean;
}

/**
 * Moves a core's weights, one batch at a time.
 *
 * One that computes beside the processor may run ahead of what it has told: after an iteration that is not applied it
 * applies none of those that it was already given.
 */
export interface Learner {
  /** What computes, in a few words. */
  readonly what: string;
  /** On what the last bits of its numbers depend, besides the backend. */
  readonly instructionSet?: InstructionSet;
  /**
   * One iteration, or its beginning.
   *
   * @param batch - plain arrays; they are not changed.
   * @returns what is known by now of iterations that have not been told of yet, in their order.
   */
  step(batch: Batch): Promise<readonly LearnedStep[]>;
  /** Waits for the iterations that have not been told of yet. */
  results(): Promise<readonly LearnedStep[]>;
  /** Brings the variables of core and optimizer up to date, where the weights live elsewhere meanwhile. */
  sync(): Promise<void>;
  /** The inverse of `sync`: goes on from the variables, where someone else has set them. */
  load(): Promise<void>;
  dispose(): void;
}

/** What a learner moves, and how. */
export interface LearnerParts {
  readonly core: Dnc;
  readonly task: Task;
  /** Made for `core.variables`. */
  readonly optimizer: RmsProp;
  readonly maxGradNorm: number;
}

/** Learns with TensorFlow.js ops, on any backend. */
export class OpsLearner implements Learner {
  readonly what: string;
  readonly #parts: LearnerParts;

  /** @param why - why nothing faster does it. */
  constructor(parts: LearnerParts, why?: string) {
    this.#parts = parts;
    this.what = `TensorFlow.js, one op after the other${why === undefined ? "" : ` (${why})`}`;
  }

  async step(batch: Batch): Promise<readonly LearnedStep[]> {
    const { core: network, task, optimizer, maxGradNorm } = this.#parts;
    const parts = { network, loss: lossFunction(task), optimizer, maxGradNorm };
    const { loss, globalNorm, exactMatch = 0, applied } = await trainStep(parts, batch);
    return [{ loss, globalNorm, exactMatch, sequences: batch.batchSize, applied }];
  }

  async results(): Promise<readonly LearnedStep[]> {
    return [];
  }

  async sync(): Promise<void> {}

  async load(): Promise<void> {}

  dispose(): void {}
}
