/**
 * The backward pass: computes gradients to parameters, inputs and initial state from those to logits and final state.
 */
import type { UnrollOutputs, UnrollState } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import type { Parameters, Residuals } from "./forward.js";
import { interfaceGradient, interfaceVariableGradients } from "./interface.js";
import { LSTM_SERIES, lstmBackward, lstmFactors, lstmVariableGradients } from "./lstm.js";
import { type MemoryGradients, memoryBackward, memoryFactors } from "./memory-backward.js";
import { outputBackward } from "./output.js";
import { stackSeries, unstackSeries } from "./series.js";
import type { SequenceSizes } from "./sizes.js";

/** Gradients; those to the parameters are in the op's order. */
export type PassGradients = {
  readonly parameters: tf.Tensor[];
  /**
   * Gradient to the gates of the LSTM before their activation functions, `[time batch, 4 hiddenSize]`. Multiplied by
   * the input weights it gives the gradient to the inputs.
   */
  readonly dGates: tf.Tensor;
  readonly inputWeights: tf.Tensor;
  /** Gradient to the initial state; undefined unless requested. */
  readonly initialState: UnrollState<tf.Tensor> | undefined;
};

/**
 * Computes the gradients.
 *
 * @param gradients - gradients to the outputs of `forwardPass`.
 * @param hasState - whether to compute the gradients to the initial state.
 */
export function backwardPass(
  { logits: dLogits, finalState: dFinal }: UnrollOutputs<tf.Tensor>,
  residuals: Residuals,
  parameters: Parameters,
  sizes: SequenceSizes,
  hasState: boolean,
): PassGradients {
  const { batch, hiddenSize, inputSize, readHeads, wordSize, slots, clipValue } = sizes;
  const { steps, constants } = residuals;
  const [ofInputs, ofPast] = tf.split(parameters.lstm[0], [inputSize, readHeads * wordSize + hiddenSize], 0);
  const output = outputBackward(dLogits, residuals.output, parameters.output[0], sizes);
  const lstm = unstackSeries(
    lstmFactors(
      stackSeries(
        steps.map((step) => step.lstm),
        LSTM_SERIES,
      ),
      sizes,
    ),
  );
  const factors = memoryFactors(
    steps.map((step) => step.memory),
    constants,
    sizes,
  );
  let after: MemoryGradients = {
    dMemory: [dFinal.memory],
    dReadWeights: [dFinal.readWeights],
    dLink: tf.reshape(dFinal.link, [batch, slots, slots]),
    dPrecedence: dFinal.precedenceWeights,
    dUsage: tf.reshape(dFinal.usage, [batch, 1, slots]),
  };
  const inside = () => tf.cast(tf.lessEqual(tf.abs(residuals.rawCell), clipValue), "float32");
  let dCell = clipValue > 0 ? tf.mul(dFinal.cell, inside()) : dFinal.cell;
  let dPast: tf.Tensor = tf.concat([tf.reshape(dFinal.readWords, [batch, readHeads * wordSize]), dFinal.hidden], 1);
  const [allGates, dInterfaces]: [tf.Tensor[], tf.Tensor[]] = [[], []];
  const splitPast = (past: tf.Tensor) => {
    const [words, hidden] = tf.split(past, [readHeads * wordSize, hiddenSize], 1);
    return { words: tf.reshape(words, [batch, readHeads, wordSize]), hidden };
  };
  for (let at = steps.length - 1; at >= 0; at--) {
    const d = splitPast(tf.add(dPast, output.dFeatures[at]));
    const last = at === steps.length - 1 ? [dFinal.writeWeights] : [];
    const memory = memoryBackward(d.words, after, steps[at].memory, factors[at], constants, last);
    const dInterface = interfaceGradient(memory.dParameters, sizes);
    const dHiddenUnits = tf.add(d.hidden, tf.matMul(dInterface, residuals.interfaceWeights, false, true));
    const controller = lstmBackward(dHiddenUnits, dCell, lstm[at]);
    allGates[at] = controller.dGates;
    dInterfaces[at] = dInterface;
    if (at === 0 && !hasState) break;
    after = memory.before();
    dCell = controller.dPreviousCell();
    dPast = tf.matMul(controller.dGates, ofPast, false, true);
  }
  const dGates = tf.concat(allGates, 0);
  const dAllInterfaces = tf.concat(dInterfaces, 0);
  const features = tf.concat(
    steps.map((step) => step.lstm.features),
    0,
  );
  return {
    parameters: [
      ...lstmVariableGradients(tf.matMul(features, dGates, true)),
      ...interfaceVariableGradients(
        tf.matMul(residuals.hidden, dAllInterfaces, true),
        tf.sum(dAllInterfaces, 0),
        sizes,
      ),
      output.dWeights,
      output.dBiases,
    ],
    dGates,
    inputWeights: ofInputs,
    initialState: hasState ? stateGradients(splitPast(dPast), after, dFinal.writeWeights, dCell) : undefined,
  };
}

function stateGradients(
  past: { words: tf.Tensor; hidden: tf.Tensor },
  { dMemory, dReadWeights, dLink, dPrecedence, dUsage }: MemoryGradients,
  { shape }: tf.Tensor,
  dCell: tf.Tensor,
): UnrollState<tf.Tensor> {
  const [batch, , slots] = shape as [number, number, number];
  return {
    memory: tf.addN(dMemory),
    readWeights: tf.addN(dReadWeights),
    // They are a constant to usage, the only quantity that depends on them.
    writeWeights: tf.zeros(shape),
    link: tf.reshape(dLink, [batch, 1, slots, slots]),
    precedenceWeights: dPrecedence,
    usage: tf.reshape(dUsage, [batch, slots]),
    readWords: past.words,
    hidden: past.hidden,
    cell: dCell,
  };
}
