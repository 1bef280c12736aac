import { type NestedState, type RecurrentCell, unroll } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { toTensors } from "./to-tensors.js";

/**
 * Runs a network over a batch, from its initial state.
 *
 *     const batch = task.sampleBatch(random);
 *     const logits = await predict(network, batch);
 *     console.log(task.render(batch, predictedOutputs(task, logits, batch.mask)));
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`.
 * @param batch - Plain arrays; its targets are not read.
 * @returns `[timeSteps, batchSize, outputSize]`: the outputs, before any sigmoid. All tensors are disposed.
 * @throws Whatever the network throws for inputs of another width.
 */
export async function predict<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  batch: Batch,
): Promise<Float32Array> {
  const outputs = tf.tidy(() => unroll(network, toTensors(batch).inputs).outputs);
  try {
    return await outputs.data<"float32">();
  } finally {
    outputs.dispose();
  }
}
