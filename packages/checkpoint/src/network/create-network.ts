import { Dnc, variableShapes } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import type { StoredTensor } from "../stored-tensor.js";
import { tensorDifferences } from "../tensor-differences.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { checkedSettings, networkConfig, type StoredSettings } from "./settings.js";
import { type NetworkSizes, sizesOfTensors } from "./shapes.js";

/** Options of `loadNetwork`. */
export interface NetworkOptions {
  /** Number of memory slots; default: as saved. The weights do not depend on it. */
  readonly memorySize?: number | undefined;
}

/** Parameters and settings of a saved network. */
export interface SavedNetwork {
  readonly model: readonly StoredTensor[];
  readonly settings: StoredSettings;
}

/** As in `DncConfig`. */
const DEFAULTS: NetworkSizes = { controller: "lstm", hiddenSize: 64, wordSize: 16, readHeads: 4, writeHeads: 1 };

/** As in `DncConfig`. */
const MAX_LAYERS = 32;

/**
 * Creates a network with saved weights. Its variables get the saved values directly: nothing is allocated before every
 * shape has been compared with the tensors, and no initial values are drawn.
 *
 * @throws UnreadableCheckpointError if a setting is not valid, or the tensors are not those of such a network.
 */
export function createNetwork({ model, settings }: SavedNetwork, { memorySize }: NetworkOptions): Dnc {
  const config = networkConfig(checkedSettings(settings));
  const sizes = { ...DEFAULTS, ...config } as NetworkSizes; // a file names a controller, it has no function
  const { inputSize, outputSize, layers } = sizesOfTensors(sizes, model);
  const expected = variableShapes({ ...config, inputSize, outputSize, layers: Math.min(layers, MAX_LAYERS) });
  const differences = tensorDifferences(expected, model);
  if (differences !== undefined)
    throw new UnreadableCheckpointError(
      `model.safetensors: expected the tensors of the network in ${settings.file}, got ${differences}`,
    );
  const named = new Map(model.map((tensor) => [tensor.name, tensor]));
  const complete = { ...config, inputSize, outputSize, layers, ...(memorySize !== undefined && { memorySize }) };
  return new Dnc(complete, (name) => {
    const { values, shape } = named.get(name) as StoredTensor;
    return tf.tidy(() => tf.variable(tf.tensor(values, [...shape], "float32")));
  });
}
