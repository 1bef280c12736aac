import { type NestedState, type RecurrentCell, serializeTrace, type TraceData, unroll } from "@dnc/core";
import type { Batch } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { toTensors } from "./to-tensors.js";

/** Dimensions of the quantities that the batch and the outputs add to a trace, outermost first. */
const BATCH_DIMENSIONS = {
  observations: ["time", "batch", "inputSize"],
  target: ["time", "batch", "targetSize"],
  mask: ["time", "batch"],
  output: ["time", "batch", "targetSize"],
} as const;

/**
 * Traces a network over a batch and adds the batch: `observations`, `target` and `mask` are its arrays, and `output` is
 * the probability that the network gives each bit.
 *
 *     const trace = await traceSequence(network, task.sampleBatch(random, { batchSize: 1 }));
 *     writeFileSync("trace.json", JSON.stringify(trace));
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - A recurrent cell with traces, such as `Dnc`.
 * @param batch - Plain arrays, usually of one sequence: a trace contains every quantity of every time step.
 * @returns Plain data, as `serializeTrace` of `@dnc/core` returns it. All tensors are disposed.
 * @throws TypeError if the network has no traces.
 */
export async function traceSequence<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  batch: Batch,
): Promise<TraceData> {
  const { trace, output } = tf.tidy(() => {
    const { outputs, trace } = unroll(network, toTensors(batch).inputs, undefined, { trace: true });
    return { trace, output: tf.sigmoid(outputs) };
  });
  try {
    const [{ quantities, ...rest }, probabilities] = await Promise.all([serializeTrace(trace), output.data()]);
    const { timeSteps, batchSize, inputs, targets, mask } = batch;
    const values = { observations: inputs, target: targets, mask, output: probabilities };
    const added = Object.entries(BATCH_DIMENSIONS).map(([name, dimensions]) => {
      const data = Array.from(values[name as keyof typeof values]);
      const shape = [timeSteps, batchSize, data.length / (timeSteps * batchSize)].slice(0, dimensions.length);
      return [name, { dimensions, shape, data }] as const;
    });
    return { ...rest, quantities: { ...Object.fromEntries(added), ...quantities } };
  } finally {
    tf.dispose([trace, output] as tf.TensorContainer);
  }
}
