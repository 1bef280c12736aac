/** The way there: a sequence, step by step, and what the way back needs of it. */
import * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "../dnc-state.js";
import { type Constants, sweepConstants } from "./constants.js";
import { controlsOf, interfaceMatrices } from "./interface.js";
import { advanceLstm, type LstmStep, lstmWeights } from "./lstm.js";
import { advanceMemory, closeMemory, type MemoryState, type MemoryStep, openMemory } from "./memory.js";
import { type OutputPass, outputOf } from "./output.js";
import type { SweepSizes } from "./sizes.js";

/** The parameters, in the order of `core.variables`. */
export type Parameters = {
  readonly lstm: readonly [weights: tf.Tensor, biases: tf.Tensor];
  /** Weight and bias of each layer. */
  readonly face: readonly tf.Tensor[];
  readonly output: readonly [weights: tf.Tensor, biases: tf.Tensor];
};

/** A sequence and all that is kept of it for the way back. */
export type Pass = {
  readonly steps: readonly { readonly lstm: LstmStep; readonly memory: MemoryStep }[];
  readonly constants: Constants;
  /** The interface's matrix on the way back. */
  readonly faceWeights: tf.Tensor2D;
  /** `[time batch, hiddenSize]`. */
  readonly hidden: tf.Tensor2D;
  readonly output: OutputPass;
  /** After the last step, before it was clipped. */
  readonly rawCell: tf.Tensor;
};

/**
 * @param inputs - `[time, batch, inputSize]`.
 * @param keeps - whether a gradient may be asked for; otherwise each step's tensors are gone after it.
 * @returns logits and final state, as `stateTensors` has it, and what to keep.
 */
export function sweepForward(
  inputs: tf.Tensor3D,
  state: DncState,
  parameters: Parameters,
  sizes: SweepSizes,
  keeps: boolean,
): { outputs: tf.Tensor[]; pass: Pass } {
  const { batch } = sizes;
  const constants = sweepConstants(sizes);
  const gateWeights = lstmWeights(...parameters.lstm, sizes);
  const face = interfaceMatrices(parameters.face, sizes);
  const ones = tf.ones([batch, 1]);
  const flat = (words: tf.Tensor) => tf.reshape(words, [batch, -1]) as tf.Tensor2D;
  let memory: MemoryState = openMemory(state.access, constants);
  let { hidden, cell } = state.controller as { hidden: tf.Tensor; cell: tf.Tensor };
  // The cell that the sequence begins with is not clipped by it.
  let rawCell: tf.Tensor = tf.zeros(cell.shape);
  let words: tf.Tensor = state.readWords;
  let flatWords = flat(words);
  const steps: Pass["steps"][number][] = [];
  const [hiddens, allWords]: [tf.Tensor[], tf.Tensor2D[]] = [[], []];
  for (const input of tf.unstack(inputs)) {
    const advance = () => {
      const features = tf.concat([input, flatWords, hidden, ones], 1) as tf.Tensor2D;
      const controller = advanceLstm(features, { clipped: cell, raw: rawCell }, gateWeights, sizes);
      const controls = controlsOf(controller.hidden, face, sizes);
      const { next, kept } = advanceMemory(controls, memory, constants, sizes);
      const read = tf.matMul(next.readWeights, next.memory);
      return { controller, next, kept: keeps ? kept : undefined, read, flatRead: flat(read) };
    };
    const step = keeps ? advance() : withoutTheRest(advance);
    if (step.kept) steps.push({ lstm: step.controller.kept, memory: step.kept });
    memory = step.next;
    hidden = step.controller.hidden;
    cell = step.controller.cell.clipped;
    rawCell = step.controller.cell.raw;
    words = step.read;
    flatWords = step.flatRead;
    hiddens.push(hidden);
    allWords.push(flatWords);
  }
  const allHidden = tf.concat(hiddens, 0) as tf.Tensor2D;
  const features = tf.concat([allHidden, tf.concat(allWords, 0)], 1) as tf.Tensor2D;
  const { logits, kept: output } = outputOf(features, ...parameters.output, sizes);
  return {
    outputs: [logits, words, ...closeMemory(memory), hidden, cell],
    pass: {
      steps,
      constants,
      faceWeights: face.backward,
      hidden: allHidden,
      output,
      rawCell,
    },
  };
}

function withoutTheRest<Result extends object>(advance: () => Result): Result {
  return tf.tidy(advance as () => never) as Result;
}
