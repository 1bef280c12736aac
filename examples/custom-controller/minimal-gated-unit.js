import * as tf from "@tensorflow/tfjs";

/**
 * A controller that `@dnc/controller` does not have: the minimal gated unit, a GRU with one gate.
 *
 *     forget    = sigmoid([inputs, hidden'] w_gate + b_gate)
 *     candidate = tanh([inputs, forget * hidden'] w_candidate + b_candidate)
 *     hidden    = (1 - forget) * hidden' + forget * candidate
 *
 * Source: Zhou et al. 2016, "Minimal gated unit for recurrent neural networks".
 *
 * Implements the interface `Controller`: `step` changes nothing and returns new tensors, which the caller disposes.
 */
export class MinimalGatedUnit {
  constructor({ inputSize, hiddenSize, seed }, createVariable = trainableVariable) {
    this.inputSize = inputSize;
    this.outputSize = hiddenSize;
    const shape = [inputSize + hiddenSize, hiddenSize];
    const weights = (offset) => () => tf.randomNormal(shape, 0, 1 / Math.sqrt(shape[0]), "float32", seed + offset);
    const biases = () => tf.zeros([hiddenSize]);
    const initial = { w_gate: weights(0), b_gate: biases, w_candidate: weights(1), b_candidate: biases };
    this.variables = Object.entries(initial).map(([key, value]) => {
      const name = `mgu/${key}`;
      return { name, variable: createVariable(name, value) };
    });
  }

  initialState(batchSize) {
    return { hidden: /** @type {tf.Tensor2D} */ (tf.zeros([batchSize, this.outputSize])) };
  }

  /**
   * @param {tf.Tensor2D} inputs - `[batch, inputSize]`.
   * @param {{ hidden: tf.Tensor2D }} state - State after the time step before.
   */
  step(inputs, { hidden }) {
    const [gateWeights, gateBias, candidateWeights, candidateBias] = this.variables.map(({ variable }) => variable);
    return tf.tidy(() => {
      const forget = tf.sigmoid(tf.add(tf.matMul(tf.concat([inputs, hidden], 1), gateWeights), gateBias));
      const joined = tf.concat([inputs, tf.mul(forget, hidden)], 1);
      const candidate = tf.tanh(tf.add(tf.matMul(joined, candidateWeights), candidateBias));
      /** @type {tf.Tensor2D} */
      const output = tf.add(tf.mul(tf.sub(1, forget), hidden), tf.mul(forget, candidate));
      return { output, state: { hidden: tf.clone(output) } };
    });
  }

  dispose() {
    for (const { variable } of this.variables) variable.dispose();
  }
}

function trainableVariable(_name, initial) {
  return tf.tidy(() => tf.variable(initial()));
}
