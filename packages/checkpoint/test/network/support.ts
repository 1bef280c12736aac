import { Dnc, type DncConfig, type LstmNetwork, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { encodeSafetensors, readTensors, type StoredTensor } from "../../src/index.js";
import { networkSettings } from "../../src/network/index.js";
import { type Files, sealed } from "../files.js";

/** Configuration of small networks; all sizes differ from each other and from the defaults. */
export const SMALL = { inputSize: 3, outputSize: 2, memorySize: 7, wordSize: 5, readHeads: 2, hiddenSize: 6, seed: 4 };

/** Creates the tensors of a network, and the files of a checkpoint with its settings. */
export async function saved(config: DncConfig): Promise<{ model: StoredTensor[]; files: Files }> {
  const network = new Dnc(config);
  try {
    const model = await readTensors(network.variables);
    const files = await sealed(encodeSafetensors(model), undefined, { config: networkSettings(network.config) });
    return { model, files };
  } finally {
    network.dispose();
  }
}

/** Computes the network's outputs for two time steps. */
export async function outputsOf(network: Dnc | LstmNetwork): Promise<number[]> {
  const { inputSize } = network.config;
  const outputs = tf.tidy(() => {
    const inputs = tf.sin(tf.range(0, 4 * 2 * inputSize).reshape([4, 2, inputSize])) as tf.Tensor3D;
    return unroll(network, inputs).outputs;
  });
  const values = Array.from(await outputs.data());
  outputs.dispose();
  return values;
}
