import { readWeighting, writeMemory } from "@dnc/access";
import * as tf from "@tensorflow/tfjs";

/**
 * A memory that is not a DNC's: a ring of slots, written one after the other and read by content.
 *
 *     w = gate position,   M = M' (1 - w 1^T) + w v^T
 *     position of the next step = (1 - gate) position + gate (position moved by one slot)
 *
 * The gate and the vector v come from the controller's output, and so do a key and a strength per read head.
 *
 * Implements the interface `Access`: `step` changes nothing and returns new tensors, which the caller disposes.
 */
export class RingMemory {
  constructor({ inputSize, memorySize, wordSize, readHeads, seed }, createVariable = trainableVariable) {
    this.inputSize = inputSize;
    this.sizes = { memorySize, wordSize, readHeads };
    this.widths = [1, wordSize, readHeads * wordSize, readHeads]; // gate, vector, keys, strengths
    const width = this.widths.reduce((sum, part) => sum + part);
    const weights = () => tf.randomNormal([inputSize, width], 0, 1 / Math.sqrt(inputSize), "float32", 1 + seed);
    const initial = { w: weights, b: () => tf.zeros([width]) };
    this.variables = Object.entries(initial).map(([key, value]) => {
      const name = `ring_memory/${key}`;
      return { name, variable: createVariable(name, value) };
    });
  }

  initialState(batchSize) {
    const { memorySize, wordSize } = this.sizes;
    return tf.tidy(() => ({
      memory: /** @type {tf.Tensor3D} */ (tf.zeros([batchSize, memorySize, wordSize])),
      position: tf.oneHot(tf.zeros([batchSize], "int32"), memorySize, 1, 0, "float32"),
    }));
  }

  /**
   * @param {tf.Tensor2D} inputs - `[batch, inputSize]`, the controller's output.
   * @param {{ memory: tf.Tensor3D, position: tf.Tensor }} state - State after the time step before.
   */
  step(inputs, { memory, position }) {
    const { memorySize, wordSize, readHeads } = this.sizes;
    const [batchSize] = inputs.shape;
    const [weights, biases] = this.variables.map(({ variable }) => variable);
    return tf.tidy(() => {
      const all = tf.add(tf.matMul(inputs, weights), biases);
      const [rawGate, vector, keys, strengths] = tf.split(all, this.widths, 1);
      const gate = tf.sigmoid(rawGate); // [batch, 1]

      const written = tf.mul(gate, position); // [batch, memorySize]
      /** @type {[number, number, number]} */
      const oneWord = [batchSize, 1, wordSize];
      const next = writeMemory(memory, tf.reshape(written, [batchSize, 1, memorySize]), {
        eraseVectors: tf.ones(oneWord),
        writeVectors: tf.reshape(vector, oneWord),
      });

      /** @type {tf.Tensor3D} */
      const readKeys = tf.reshape(keys, [batchSize, readHeads, wordSize]);
      // Without read modes, links and earlier read weights are not needed.
      /** @type {tf.Tensor4D} */
      const nothing = tf.zeros([batchSize, 0, 0, 0]);
      const parameters = { readKeys, readStrengths: /** @type {tf.Tensor2D} */ (strengths) };
      const { readWeights } = readWeighting(parameters, next, nothing, tf.zeros([batchSize, readHeads, memorySize]));

      const [last, others] = [
        tf.slice(position, [0, memorySize - 1]),
        tf.slice(position, [0, 0], [-1, memorySize - 1]),
      ];
      const moved = tf.concat([last, others], 1);
      const state = { memory: next, position: tf.add(tf.mul(tf.sub(1, gate), position), tf.mul(gate, moved)) };
      return { output: /** @type {tf.Tensor3D} */ (tf.matMul(readWeights, next)), state };
    });
  }

  dispose() {
    for (const { variable } of this.variables) variable.dispose();
  }
}

function trainableVariable(_name, initial) {
  return tf.tidy(() => tf.variable(initial()));
}
