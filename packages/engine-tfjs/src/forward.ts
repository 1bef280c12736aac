/** The forward pass: runs a sequence step by step and saves what the backward pass needs. */
import type { UnrollOutputs, UnrollState } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { type Constants, sequenceConstants } from "./constants.js";
import { interfaceMatrices, interfaceParameters } from "./interface.js";
import { advanceLstm, type LstmStep, lstmWeights } from "./lstm.js";
import { advanceMemory, type MemoryState, type MemoryStep, packMemoryState, unpackMemoryState } from "./memory.js";
import { type OutputResiduals, outputLayer } from "./output.js";
import type { SequenceSizes } from "./sizes.js";

/** The parameters by purpose, in the op's order. */
export type Parameters = {
  readonly lstm: readonly [weights: tf.Tensor, biases: tf.Tensor];
  /** Weight and bias of each layer. */
  readonly interfaceLayers: readonly tf.Tensor[];
  readonly output: readonly [weights: tf.Tensor, biases: tf.Tensor];
};

/** Groups the parameters of the op by purpose. */
export function namedParameters(parameters: readonly tf.Tensor[]): Parameters {
  const last = parameters.length - 1;
  return {
    lstm: [parameters[0], parameters[1]],
    interfaceLayers: parameters.slice(2, -2),
    output: [parameters[last - 1], parameters[last]],
  };
}

/** Values that the forward pass saves for the backward pass. */
export type Residuals = {
  readonly steps: readonly { readonly lstm: LstmStep; readonly memory: MemoryStep }[];
  readonly constants: Constants;
  /** Weights of the interface layers, with columns in the order of the backward pass. */
  readonly interfaceWeights: tf.Tensor2D;
  /** `[time batch, hiddenSize]`. */
  readonly hidden: tf.Tensor2D;
  readonly output: OutputResiduals;
  /** Cell state after the last step, before clipping. */
  readonly rawCell: tf.Tensor;
};

/**
 * Runs a sequence.
 *
 * @param inputs - `[time, batch, inputSize]`.
 * @param saveForBackward - whether to save residuals; false disposes the tensors of each step after it.
 * @returns logits, final state and the residuals.
 */
export function forwardPass(
  inputs: tf.Tensor3D,
  state: UnrollState<tf.Tensor>,
  parameters: Parameters,
  sizes: SequenceSizes,
  saveForBackward: boolean,
): { outputs: UnrollOutputs<tf.Tensor>; residuals: Residuals } {
  const { batch } = sizes;
  const constants = sequenceConstants(sizes);
  const gateWeights = lstmWeights(...parameters.lstm, sizes);
  const matrices = interfaceMatrices(parameters.interfaceLayers, sizes);
  const ones = tf.ones([batch, 1]);
  const flat = (words: tf.Tensor) => tf.reshape(words, [batch, -1]) as tf.Tensor2D;
  let memory: MemoryState = packMemoryState(state, constants);
  let { hidden, cell } = state;
  // The initial cell state is not clipped.
  let rawCell: tf.Tensor = tf.zeros(cell.shape);
  let words: tf.Tensor = state.readWords;
  let flatWords = flat(words);
  const steps: Residuals["steps"][number][] = [];
  const [hiddens, allWords]: [tf.Tensor[], tf.Tensor2D[]] = [[], []];
  for (const input of tf.unstack(inputs)) {
    const advance = () => {
      const features = tf.concat([input, flatWords, hidden, ones], 1) as tf.Tensor2D;
      const controller = advanceLstm(features, { clipped: cell, raw: rawCell }, gateWeights, sizes);
      const ofMemory = interfaceParameters(controller.hidden, matrices, sizes);
      const { next, saved } = advanceMemory(ofMemory, memory, constants, sizes);
      const read = tf.matMul(next.readWeights, next.memory);
      return { controller, next, saved: saveForBackward ? saved : undefined, read, flatRead: flat(read) };
    };
    const step = saveForBackward ? advance() : tidyStep(advance);
    if (step.saved) steps.push({ lstm: step.controller.saved, memory: step.saved });
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
  const { logits, saved: output } = outputLayer(features, ...parameters.output, sizes);
  return {
    outputs: { logits, finalState: { ...unpackMemoryState(memory), readWords: words, hidden, cell } },
    residuals: {
      steps,
      constants,
      interfaceWeights: matrices.backward,
      hidden: allHidden,
      output,
      rawCell,
    },
  };
}

function tidyStep<Result extends object>(advance: () => Result): Result {
  return tf.tidy(advance as () => never) as Result;
}
