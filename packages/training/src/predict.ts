import { type NestedState, type RecurrentCell, unroll } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { mapTensors } from "./carried-state.js";
import { stepSelection, toTensors } from "./to-tensors.js";

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
  const { logits } = await predictFrom(network, batch);
  return logits;
}

/**
 * Runs a network over a batch from a given state.
 *
 * @param state - The state before the first step; it still belongs to the caller; default: the network's initial state.
 * @param options - Whether to return the state after the last step, which the caller disposes; default: false.
 */
export async function predictFrom<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  batch: Batch,
  state?: State,
  { finalState = false }: { readonly finalState?: boolean } = {},
): Promise<{ readonly logits: Float32Array; readonly finalState: State | undefined }> {
  const { outputs, last } = tf.tidy(() => {
    const unrolled = unroll(network, toTensors(batch).inputs, state, stepSelection(batch));
    return { outputs: unrolled.outputs, last: finalState ? mapTensors(unrolled.finalState, tf.clone) : undefined };
  });
  try {
    return { logits: await outputs.data<"float32">(), finalState: last };
  } catch (error) {
    tf.dispose(last ?? []);
    throw error;
  } finally {
    outputs.dispose();
  }
}
