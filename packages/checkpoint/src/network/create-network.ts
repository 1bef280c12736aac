import { Dnc, LstmNetwork, type VariableShape, variableShapes } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import type { StoredTensor } from "../stored-tensor.js";
import { tensorDifferences } from "../tensor-differences.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { lstmShapes } from "./lstm-shapes.js";
import { checkedSettings, MAX_LAYERS, type NetworkSettings, networkConfig, type StoredSettings } from "./settings.js";
import { type NetworkSizes, sizesOfLstm, sizesOfTensors } from "./shapes.js";

/** Options of `loadNetwork`. */
export interface NetworkOptions {
  /** Number of memory slots; default: as saved. The weights do not depend on it. An LSTM has no memory. */
  readonly memorySize?: number | undefined;
}

/** Parameters and settings of a saved network. */
export interface SavedNetwork {
  readonly model: readonly StoredTensor[];
  readonly settings: StoredSettings;
}

/** As in `DncConfig`. */
const DEFAULTS: NetworkSizes = { controller: "lstm", hiddenSize: 64, wordSize: 16, readHeads: 4, writeHeads: 1 };

/**
 * Creates a network with saved weights. Its variables get the saved values directly: nothing is allocated before every
 * shape has been compared with the tensors, and no initial values are drawn.
 *
 * @throws UnreadableCheckpointError if a setting is not valid, or the tensors are not those of such a network; RangeError if
 *   `memorySize` is given for a network without a memory.
 */
export function createNetwork(saved: SavedNetwork, { memorySize }: NetworkOptions): Dnc | LstmNetwork {
  const settings = checkedSettings(saved.settings);
  if (settings.network !== "lstm") return createDnc(saved, settings, memorySize);
  if (memorySize !== undefined)
    throw new RangeError(`memorySize: expected none for a network without a memory, got ${memorySize}`);
  return createLstm(saved, settings);
}

function createDnc(saved: SavedNetwork, settings: NetworkSettings, memorySize: number | undefined): Dnc {
  const { layers: given, ...config } = networkConfig(settings);
  const sizes = { ...DEFAULTS, ...config } as NetworkSizes; // a file names a controller, it has no function
  const { inputSize, outputSize, layers: found } = sizesOfTensors(sizes, saved.model);
  const layers = Math.min(found, MAX_LAYERS);
  checkLayers(saved.settings, given, layers);
  checkTensors(saved, variableShapes({ ...config, inputSize, outputSize, layers }));
  const complete = { ...config, inputSize, outputSize, layers, ...(memorySize !== undefined && { memorySize }) };
  return new Dnc(complete, variablesOf(saved));
}

function createLstm(saved: SavedNetwork, settings: NetworkSettings): LstmNetwork {
  const { hiddenSize = DEFAULTS.hiddenSize, clipValue, seed, layers: given } = networkConfig(settings);
  const { layers: found, ...sizes } = sizesOfLstm(hiddenSize, saved.model);
  const config = { ...sizes, hiddenSize, layers: Math.min(found, MAX_LAYERS), clipValue, seed };
  checkLayers(saved.settings, given, config.layers);
  checkTensors(saved, lstmShapes(config));
  return new LstmNetwork(config, variablesOf(saved));
}

/** Throws an UnreadableCheckpointError if a file has another number of layers than the tensors. */
function checkLayers({ file }: StoredSettings, given: number | undefined, layers: number): void {
  if (given === undefined || given === layers) return;
  throw new UnreadableCheckpointError(
    `model.safetensors: expected the ${given} layers of the network in ${file}, got ${layers}`,
  );
}

function checkTensors({ model, settings }: SavedNetwork, expected: readonly VariableShape[]): void {
  const differences = tensorDifferences(expected, model);
  if (differences === undefined) return;
  throw new UnreadableCheckpointError(
    `model.safetensors: expected the tensors of the network in ${settings.file}, got ${differences}`,
  );
}

/** Returns a function that creates variables with the saved values. */
function variablesOf({ model }: SavedNetwork): (name: string) => tf.Variable {
  const named = new Map(model.map((tensor) => [tensor.name, tensor]));
  return (name) => {
    const { values, shape } = named.get(name) as StoredTensor;
    return tf.tidy(() => tf.variable(tf.tensor(values, [...shape], "float32")));
  };
}
