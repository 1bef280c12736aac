import type * as tf from "@tensorflow/tfjs-core";
import { assertBoolean, assertKeys, assertObject, assertShape } from "./checks.js";
import type { Batch, RenderOptions } from "./task.js";

/** What rendering has to know of a task. */
export type Layout = {
  readonly inputSize: number;
  readonly targetSize: number;
  /** The number to show for an observation; the number itself where left out. */
  readonly shown?: ((value: number, channel: number) => number) | undefined;
};

/**
 * A batch as text; what the text looks like and what is wrong input is said at `Task.render`.
 *
 * @param batch - `[time, batch, ...]`, any batch size.
 * @param output - `[time, batch, targetSize]` or nothing.
 * @param options - See `RenderOptions`.
 * @param layout - The task's sizes, and how it shows an observation.
 */
export async function renderBatch(
  batch: Batch,
  output: tf.Tensor3D | undefined,
  options: RenderOptions,
  { inputSize, targetSize, shown }: Layout,
): Promise<string> {
  assertKeys("option", options, ["wholeBatch"]);
  const { wholeBatch = false } = options;
  assertBoolean("wholeBatch", wholeBatch);
  assertObject("batch", batch);
  assertShape("observations", batch.observations, ["time", "batch", inputSize]);
  const [time, batchSize] = batch.observations.shape;
  assertShape("target", batch.target, [time, batchSize, targetSize]);
  if (output !== undefined) assertShape("output", output, [time, batchSize, targetSize]);

  const sections = await Promise.all([
    readSection("Observations:", batch.observations, shown),
    readSection("Targets:", batch.target),
    ...(output === undefined ? [] : [readSection("Model Output:", output)]),
  ]); // everything is asked for before the first wait, so that the caller may dispose meanwhile
  const elements = Array.from({ length: wholeBatch ? batchSize : 1 }, (_, element) =>
    sections.map((render) => render(element)).join("\n\n"),
  );
  return `\n${elements.join("\n\n\n\n")}`;
}

/** Fetches a tensor's numbers and returns how to write an element of it: the title, then a line a channel. */
async function readSection(
  title: string,
  tensor: tf.Tensor3D,
  shown: Layout["shown"] = (value) => value,
): Promise<(element: number) => string> {
  const [time, batchSize, channels] = tensor.shape;
  const values = await tensor.data();
  return (element) => {
    const lines = Array.from({ length: channels }, (_, channel) => {
      const numbers = Array.from({ length: time }, (_, t) =>
        shown(values[(t * batchSize + element) * channels + channel] as number, channel),
      );
      return `+${numbers.map(renderNumber).join(" ")}+`;
    });
    return [title, ...lines].join("\n");
  };
}

function renderNumber(value: number): string {
  return value === 0 ? "-" : String(Math.trunc(value));
}
