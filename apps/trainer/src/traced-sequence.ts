import { type Dnc, serializeTrace, type TraceData, unroll } from "@dnc/core";
import type { Random } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import type { Settings } from "./flags.js";
import { createTask } from "./model.js";

/** What a task and its answers add to a trace: their dimensions, outermost first. */
const SEQUENCE_DIMENSIONS = {
  observations: ["time", "batch", "inputSize"],
  target: ["time", "batch", "targetSize"],
  mask: ["time", "batch"],
  output: ["time", "batch", "targetSize"],
} as const;

/**
 * All that a network does over one fresh sequence, with the sequence itself: `observations`, `target` and `mask` as the
 * task gives them, and `output`, the probability that the network gives each bit of its answer.
 *
 * @param settings - say what the sequence is like.
 */
export async function traceSequence(core: Dnc, settings: Settings, random: Random): Promise<TraceData> {
  const batch = createTask(settings, 1).sample(random);
  const { outputs, finalState, trace } = unroll(core, batch.observations, undefined, { trace: true });
  const output = tf.sigmoid(outputs);
  try {
    const own = await serializeTrace(trace);
    const sequence = { ...batch, output };
    const added = Object.entries(SEQUENCE_DIMENSIONS).map(async ([name, dimensions]) => {
      const tensor: tf.Tensor = sequence[name as keyof typeof SEQUENCE_DIMENSIONS];
      return [name, { dimensions, shape: tensor.shape, data: Array.from(await tensor.data()) }] as const;
    });
    return { ...own, quantities: { ...Object.fromEntries(await Promise.all(added)), ...own.quantities } };
  } finally {
    tf.dispose([batch, outputs, finalState, trace, output] as tf.TensorContainer);
  }
}
