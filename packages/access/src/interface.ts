import { assertShape, type CreateVariable, type NamedVariable } from "@dnc/addressing";
import { checkObject } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import { createFreeVariable } from "./variables.js";

/**
 * Interface parameters: the controller's instructions to the memory for one step. Strengths are raw; content weighting
 * applies softplus.
 */
export type InterfaceParameters = {
  /** `[batch, writeHeads, wordSize]`, the vectors to add to memory. */
  readonly writeVectors: tf.Tensor3D;
  /** `[batch, writeHeads, wordSize]` in [0, 1], the fraction of each component to erase. */
  readonly eraseVectors: tf.Tensor3D;
  /** `[batch, readHeads]` in [0, 1]: 1 frees the slots that the head has read. */
  readonly freeGate: tf.Tensor2D;
  /** `[batch, writeHeads]` in [0, 1]: 1 writes to a free slot, 0 where the content matches. */
  readonly allocationGate: tf.Tensor2D;
  /** `[batch, writeHeads]` in [0, 1], whether to write at all. */
  readonly writeGate: tf.Tensor2D;
  /**
   * `[batch, readHeads, 1 + 2 writeHeads]`, distributions over backward (one entry per write head), forward (likewise)
   * and content.
   */
  readonly readMode: tf.Tensor3D;
  /** `[batch, writeHeads, wordSize]`, keys for content-based writing. */
  readonly writeKeys: tf.Tensor3D;
  /** `[batch, writeHeads]`, raw: how sharply content decides where to write. */
  readonly writeStrengths: tf.Tensor2D;
  /** `[batch, readHeads, wordSize]`, keys for content-based reading. */
  readonly readKeys: tf.Tensor3D;
  /** `[batch, readHeads]`, raw: how sharply content decides what to read. */
  readonly readStrengths: tf.Tensor2D;
};

/**
 * Weights of all interface layers concatenated, so that a step needs one matrix product; prepared from the variables
 * once per sequence.
 */
export type InterfaceWeights = {
  /** `[inputSize, interfaceSize]`, one block of columns per layer. */
  readonly weights: tf.Tensor2D;
  /** `[interfaceSize]`, in the order of the columns. */
  readonly biases: tf.Tensor1D;
};

interface InterfaceSizes {
  inputSize: number;
  wordSize: number;
  readHeads: number;
  writeHeads: number;
  seed: number;
}

/**
 * The linear layers from the controller's output to the interface parameters, with their variables.
 *
 * Source: Graves et al. 2016, Methods, "Controller network", the interface vector.
 */
export class Interface {
  readonly variables: readonly NamedVariable[];
  readonly #sizes: InterfaceSizes;
  readonly #layers: readonly (readonly [name: string, size: number])[];

  constructor(sizes: InterfaceSizes, createVariable: CreateVariable = createFreeVariable) {
    this.#sizes = sizes;
    const { inputSize, wordSize, readHeads, writeHeads, seed } = sizes;
    // In the reference's order. The four layers with a sigmoid are adjacent.
    this.#layers = [
      ["write_vectors", writeHeads * wordSize],
      ["erase_vectors", writeHeads * wordSize],
      ["free_gate", readHeads],
      ["allocation_gate", writeHeads],
      ["write_gate", writeHeads],
      ["read_mode", readHeads * (1 + 2 * writeHeads)],
      ["write_keys", writeHeads * wordSize],
      ["write_strengths", writeHeads],
      ["read_keys", readHeads * wordSize],
      ["read_strengths", readHeads],
    ];
    this.variables = this.#layers.flatMap(([layer, size], index) => {
      const initial = () =>
        tf.truncatedNormal([inputSize, size], 0, 1 / Math.sqrt(inputSize), "float32", 1 + seed * 64 + index);
      const [w, b] = [`memory_access/${layer}/w`, `memory_access/${layer}/b`];
      return [
        { name: w, variable: createVariable(w, initial) },
        { name: b, variable: createVariable(b, () => tf.zeros([size])) },
      ];
    });
  }

  /** Concatenates all layers into new tensors, which the caller disposes; gradients flow through to the variables. */
  prepareWeights(): InterfaceWeights {
    const tensors = this.variables.map(({ variable }) => variable);
    return tf.tidy(() => ({
      weights: tf.concat2d(tensors.filter((_, index) => index % 2 === 0) as unknown as tf.Tensor2D[], 1),
      biases: tf.concat1d(tensors.filter((_, index) => index % 2 === 1) as unknown as tf.Tensor1D[]),
    }));
  }

  /** Throws unless `prepared` has the shapes that `prepareWeights` returns. */
  checkPrepared(prepared: InterfaceWeights): void {
    checkObject("prepared", prepared, "what prepareWeights returns");
    const interfaceSize = this.#layers.reduce((sum, [, size]) => sum + size, 0);
    assertShape("prepared.weights", prepared.weights, [this.#sizes.inputSize, interfaceSize]);
    assertShape("prepared.biases", prepared.biases, [interfaceSize]);
  }

  /**
   * Computes the interface parameters.
   *
   * @param inputs - `[batch, inputSize]`, the controller's output.
   * @param prepared - from `prepareWeights`.
   */
  interfaceParameters(inputs: tf.Tensor2D, prepared: InterfaceWeights): InterfaceParameters {
    return tf.tidy(() => {
      const { wordSize, readHeads, writeHeads } = this.#sizes;
      const [batch] = inputs.shape;
      const words = (x: tf.Tensor, heads: number) => tf.reshape(x, [batch, heads, wordSize]) as tf.Tensor3D;
      const sizes = this.#layers.map(([, size]) => size);
      const all = tf.add(tf.matMul(inputs, prepared.weights), prepared.biases); // [batch, interfaceSize]
      const gated = sizes.slice(1, 5).reduce((sum, size) => sum + size);
      const [writeVectors, gates, readMode, writeKeys, writeStrengths, readKeys, readStrengths] = tf.split(
        all,
        [sizes[0], gated, ...sizes.slice(5)],
        1,
      ) as tf.Tensor2D[];
      const [eraseVectors, freeGate, allocationGate, writeGate] = tf.split(
        tf.sigmoid(gates),
        sizes.slice(1, 5),
        1,
      ) as tf.Tensor2D[];
      return {
        writeVectors: words(writeVectors, writeHeads),
        eraseVectors: words(eraseVectors, writeHeads),
        freeGate,
        allocationGate,
        writeGate,
        readMode: tf.softmax(tf.reshape(readMode, [batch, readHeads, 1 + 2 * writeHeads])) as tf.Tensor3D,
        writeKeys: words(writeKeys, writeHeads),
        writeStrengths,
        readKeys: words(readKeys, readHeads),
        readStrengths,
      };
    });
  }

  dispose(): void {
    for (const { variable } of this.variables) if (!variable.isDisposed) variable.dispose();
  }
}
