import { type NestedState, type RecurrentCell, serializeTrace, type TraceData, unroll } from "@dnc/core";
import { completeGroupSizes } from "@dnc/core/engine";
import type { Batch, OutputOptions } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { stepSelection, toTensors } from "./to-tensors.js";

/** Dimensions of the quantities that the batch and the outputs add to a trace, outermost first. */
const BATCH_DIMENSIONS = {
  observations: ["time", "batch", "inputSize"],
  target: ["time", "batch", "targetSize"],
  mask: ["time", "batch"],
  output: ["time", "batch", "targetSize"],
} as const;

/**
 * Traces a network over a batch and adds the batch: `observations`, `target` and `mask` are its arrays, and `output` is
 * the probability that the network gives each bit or symbol, or the number that it predicts.
 *
 *     const trace = await traceSequence(network, task.sampleBatch(random, { batchSize: 1 }), task);
 *     writeFileSync("trace.json", JSON.stringify(trace));
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - A recurrent cell with traces, such as `Dnc`.
 * @param batch - Plain arrays, usually of one sequence: a trace contains every quantity of every time step.
 * @param task - How outputs are read: the task, or its loss and group sizes; default: as bits.
 * @returns Plain data, as `serializeTrace` of `@dnc/core` returns it. All tensors are disposed.
 * @throws TypeError if the network has no traces.
 */
export async function traceSequence<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  batch: Batch,
  task: OutputOptions = {},
): Promise<TraceData> {
  const { trace, output } = tf.tidy(() => {
    const { outputs, trace } = unroll(network, toTensors(batch).inputs, undefined, {
      ...stepSelection(batch),
      trace: true,
    });
    return { trace, output: probabilities(outputs, task) };
  });
  try {
    const [{ quantities, ...rest }, outputs] = await Promise.all([serializeTrace(trace), output.data()]);
    const { timeSteps, batchSize, inputs, targets, mask } = batch;
    const values = { observations: inputs, target: targets, mask, output: outputs };
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

/** The probabilities of bits, or of the symbols of each group; for numbers the outputs themselves. */
function probabilities(outputs: tf.Tensor3D, { loss = "sigmoid", groupSizes }: OutputOptions): tf.Tensor {
  if (loss === "sigmoid") return tf.sigmoid(outputs);
  if (loss === "squared") return tf.clone(outputs);
  const sizes = [...completeGroupSizes(groupSizes, outputs.shape[2])];
  const groups = sizes.length === 1 ? [outputs] : (tf.split(outputs, sizes, 2) as tf.Tensor3D[]);
  return tf.concat(
    groups.map((group) => tf.softmax(group)),
    2,
  );
}
