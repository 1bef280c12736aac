/** Small models around a DncCell. */
import * as tf from "@tensorflow/tfjs";
import { Dnc } from "../../src/dnc.js";
import { DncCell, type DncCellConfig } from "../../src/layers/index.js";
import { unroll } from "../../src/unroll.js";

/** Four inputs, three outputs. */
export const CELL = { outputSize: 3, memorySize: 5, wordSize: 4, readHeads: 2, hiddenSize: 6, seed: 1 };

/** Creates a model of one recurrent layer of a DncCell, for sequences of any length. */
export function sequenceModel(cell: DncCellConfig = CELL, layer: object = {}): tf.Sequential {
  const rnn = { cell: new DncCell(cell), returnSequences: true, inputShape: [null, 4], ...layer };
  return tf.sequential({ layers: [tf.layers.rnn(rnn)] });
}

/** Creates seeded sequences, `[batch, time, 4]`. */
export function sequences(batch: number, time: number, seed = 1): tf.Tensor3D {
  return tf.randomNormal([batch, time, 4], 0, 1, "float32", seed);
}

/** Runs `unroll` on the same sequences, with a network of the same seed. */
export function unrolled(inputs: tf.Tensor3D, cell: DncCellConfig = CELL) {
  return tf.tidy(() => {
    const core = new Dnc({ inputSize: inputs.shape[2], ...cell });
    const { outputs, finalState } = unroll(core, tf.transpose(inputs, [1, 0, 2]));
    core.dispose();
    return { outputs: tf.transpose(outputs, [1, 0, 2]), finalState };
  });
}

/** Saves a model and loads it again. */
export async function savedAndLoaded(model: tf.LayersModel, config?: tf.io.SaveConfig): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (saved) => {
    artifacts = saved;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler, config);
  // As in a file, the topology is text.
  const { modelTopology, ...rest } = artifacts as tf.io.ModelArtifacts;
  return tf.loadLayersModel(tf.io.fromMemory({ ...rest, modelTopology: JSON.parse(JSON.stringify(modelTopology)) }));
}
