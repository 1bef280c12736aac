import { assertShape, type CreateVariable, type NamedVariable } from "@dnc/addressing";
import { checkObject } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import type { CompleteMemoryAccessConfig } from "./config.js";
import { type InterfaceLayer, interfaceLayers } from "./interface-layers.js";
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
   * and content; absent without links.
   */
  readonly readMode?: tf.Tensor3D | undefined;
  /** `[batch, writeHeads, wordSize]`, keys for content-based writing. */
  readonly writeKeys: tf.Tensor3D;
  /** `[batch, writeHeads]`, raw: how sharply content decides where to write. */
  readonly writeStrengths: tf.Tensor2D;
  /** `[batch, readHeads, wordSize]`, keys for content-based reading. */
  readonly readKeys: tf.Tensor3D;
  /** `[batch, readHeads]`, raw: how sharply content decides what to read. */
  readonly readStrengths: tf.Tensor2D;
  /** `[batch, writeHeads, wordSize]` in [0, 1], which components the write keys compare; present with masking. */
  readonly writeMasks?: tf.Tensor3D | undefined;
  /** `[batch, readHeads, wordSize]` in [0, 1], which components the read keys compare; present with masking. */
  readonly readMasks?: tf.Tensor3D | undefined;
  /** `[batch, readHeads, writeHeads]`, at least 1: the power of the forward weights; present with sharpness. */
  readonly forwardSharpness?: tf.Tensor3D | undefined;
  /** `[batch, readHeads, writeHeads]`, at least 1: the power of the backward weights; present with sharpness. */
  readonly backwardSharpness?: tf.Tensor3D | undefined;
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

/** The layers with a sigmoid that are adjacent, so that one op activates them. */
const GATES = ["erase_vectors", "free_gate", "allocation_gate", "write_gate"];

/**
 * The linear layers from the controller's output to the interface parameters, with their variables.
 *
 * Source: Graves et al. 2016, Methods, "Controller network", the interface vector.
 */
export class Interface {
  readonly variables: readonly NamedVariable[];
  readonly #config: CompleteMemoryAccessConfig;
  readonly #layers: readonly InterfaceLayer[];

  constructor(config: CompleteMemoryAccessConfig, createVariable: CreateVariable = createFreeVariable) {
    this.#config = config;
    const { inputSize, seed } = config;
    this.#layers = interfaceLayers(config);
    this.variables = this.#layers.flatMap(({ name: layer, size, index }) => {
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
    const interfaceSize = this.#layers.reduce((sum, { size }) => sum + size, 0);
    assertShape("prepared.weights", prepared.weights, [this.#config.inputSize, interfaceSize]);
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
      const { wordSize, readHeads, writeHeads } = this.#config;
      const [batch] = inputs.shape;
      const all = tf.add(tf.matMul(inputs, prepared.weights), prepared.biases) as tf.Tensor2D; // [batch, interfaceSize]
      const raw = splitLayers(all, this.#layers);
      const perHead = (x: tf.Tensor, heads: number, width: number) =>
        tf.reshape(x, [batch, heads, width]) as tf.Tensor3D;
      const words = (x: tf.Tensor, heads: number) => perHead(x, heads, wordSize);
      const power = (x: tf.Tensor) => tf.add(1, tf.softplus(perHead(x, readHeads, writeHeads))) as tf.Tensor3D;
      const { read_mode, write_masks, read_masks, forward_sharpness, backward_sharpness } = raw;
      return {
        writeVectors: words(raw.write_vectors, writeHeads),
        eraseVectors: words(raw.erase_vectors, writeHeads),
        freeGate: raw.free_gate,
        allocationGate: raw.allocation_gate,
        writeGate: raw.write_gate,
        ...(read_mode && { readMode: tf.softmax(perHead(read_mode, readHeads, 1 + 2 * writeHeads)) as tf.Tensor3D }),
        writeKeys: words(raw.write_keys, writeHeads),
        writeStrengths: raw.write_strengths,
        readKeys: words(raw.read_keys, readHeads),
        readStrengths: raw.read_strengths,
        ...(write_masks && { writeMasks: words(tf.sigmoid(write_masks), writeHeads) }),
        ...(read_masks && { readMasks: words(tf.sigmoid(read_masks), readHeads) }),
        ...(forward_sharpness && { forwardSharpness: power(forward_sharpness) }),
        ...(backward_sharpness && { backwardSharpness: power(backward_sharpness) }),
      };
    });
  }

  dispose(): void {
    for (const { variable } of this.variables) if (!variable.isDisposed) variable.dispose();
  }
}

/** Outputs of the layers by name, those with gates activated. */
type LayerOutputs = { readonly [layer: string]: tf.Tensor2D };

/** Splits the columns of all layers. The gates are activated together. */
function splitLayers(all: tf.Tensor2D, layers: readonly InterfaceLayer[]): LayerOutputs {
  const gates = layers.filter(({ name }) => GATES.includes(name));
  const first = layers.indexOf(gates[0]);
  const [before, after] = [layers.slice(0, first), layers.slice(first + gates.length)];
  const sizes = (part: readonly InterfaceLayer[]) => part.map(({ size }) => size);
  const gated = sizes(gates).reduce((sum, size) => sum + size);
  const parts = tf.split(all, [...sizes(before), gated, ...sizes(after)], 1) as tf.Tensor2D[];
  const activated = tf.split(tf.sigmoid(parts[first]), sizes(gates), 1) as tf.Tensor2D[];
  const outputs = [...parts.slice(0, first), ...activated, ...parts.slice(first + 1)];
  return Object.fromEntries(layers.map(({ name }, index) => [name, outputs[index]]));
}
