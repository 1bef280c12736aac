import type { Dnc } from "@dnc/core";
import type { InstructionSet } from "@dnc/engine-wasm";
import { type Batch, solvedSequences, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import type { RmsProp } from "./training/rms-prop.js";
import { trainStep } from "./training/train-step.js";

/** What an iteration found. */
export interface LearnedStep {
  /** Before the update. */
  readonly loss: number;
  /** Length of all gradients together, before they were clipped. */
  readonly globalNorm: number;
  /** Sequences of the batch without a wrong bit. */
  readonly solved: number;
  /** false if loss or norm is not finite: then nothing has moved. */
  readonly applied: boolean;
}

/** Moves a core's weights, one batch at a time. */
export interface Learner {
  /** What computes, in a few words. */
  readonly what: string;
  /** On what the last bits of its numbers depend, besides the backend. */
  readonly instructionSet?: InstructionSet;
  /** @param batch - stays the caller's. */
  step(batch: Batch): Promise<LearnedStep>;
  /** Brings the variables of core and optimizer up to date, where the weights live elsewhere meanwhile. */
  sync(): void;
  /** The inverse of `sync`: goes on from the variables, where someone else has set them. */
  load(): void;
  dispose(): void;
}

/** What a learner moves, and how. */
export interface LearnerParts {
  readonly core: Dnc;
  readonly task: Pick<Task, "cost">;
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

  async step(batch: Batch): Promise<LearnedStep> {
    const { loss, globalNorm, logits, applied } = await trainStep(this.#parts, batch);
    const solved = tf.tidy(() => tf.sum(solvedSequences(logits, batch)));
    const [count] = await solved.data();
    tf.dispose([logits, solved]);
    return { loss, globalNorm, solved: count, applied };
  }

  sync(): void {}

  load(): void {}

  dispose(): void {}
}
