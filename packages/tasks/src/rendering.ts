import { assertTargets, type Batch } from "./batch.js";
import { assertBoolean, assertFloatsOfShape, assertKeys, assertObject } from "./checks.js";
import type { LossName } from "./loss-options.js";
import type { RenderOptions } from "./task.js";

/** Properties of a task that rendering needs. */
export type Layout = {
  readonly inputSize: number;
  readonly targetSize: number;
  /** The task's loss; `squared` is rendered with decimals. */
  readonly loss: LossName;
  /** Maps an input to the number to show; default: the input itself. */
  readonly formatInput?: ((value: number, channel: number) => number) | undefined;
};

/**
 * Renders a batch as text. `Task.render` documents the format and the errors.
 *
 * @param batch - A batch of any size.
 * @param output - `[timeSteps, batchSize, targetSize]`; default: none.
 * @param options - See `RenderOptions`.
 * @param layout - The task's sizes and input format.
 */
export function renderBatch(
  batch: Batch,
  output: Float32Array | undefined,
  options: RenderOptions,
  { inputSize, targetSize, loss, formatInput }: Layout,
): string {
  assertKeys("option", options, ["wholeBatch"]);
  const { wholeBatch = false } = options;
  assertBoolean("wholeBatch", wholeBatch);
  assertObject("batch", batch);
  const { timeSteps, batchSize, inputs, targets } = batch;
  assertTargets(batch, targetSize);
  assertFloatsOfShape("inputs", inputs, [timeSteps, batchSize, inputSize]);
  if (output !== undefined) assertFloatsOfShape("output", output, [timeSteps, batchSize, targetSize]);

  const renderRows = loss === "squared" ? renderDecimals : renderIntegers;
  const sections = [
    section("Observations:", inputs, inputSize, batch, renderRows, formatInput),
    section("Targets:", targets, targetSize, batch, renderRows),
    ...(output === undefined ? [] : [section("Model Output:", output, targetSize, batch, renderRows)]),
  ];
  const sequences = Array.from({ length: wholeBatch ? batchSize : 1 }, (_, sequence) =>
    sections.map((render) => render(sequence)).join("\n\n"),
  );
  return `\n${sequences.join("\n\n\n\n")}`;
}

/** Returns a function that renders one sequence of an array: the title, then one line per channel. */
function section(
  title: string,
  values: Float32Array,
  channels: number,
  { timeSteps, batchSize }: Batch,
  renderRows: (rows: readonly (readonly number[])[]) => readonly string[],
  format: Layout["formatInput"] = (value) => value,
): (sequence: number) => string {
  return (sequence) => {
    const rows = Array.from({ length: channels }, (_, channel) =>
      Array.from({ length: timeSteps }, (_, t) =>
        format(values[(t * batchSize + sequence) * channels + channel], channel),
      ),
    );
    return [title, ...renderRows(rows)].join("\n");
  };
}

function renderIntegers(rows: readonly (readonly number[])[]): readonly string[] {
  return rows.map((row) => renderRow(row.map((value) => (value === 0 ? "-" : String(Math.trunc(value))))));
}

/** Renders numbers with two decimals at most, in columns of the same width. */
function renderDecimals(rows: readonly (readonly number[])[]): readonly string[] {
  const cells = rows.map((row) => row.map((value) => (value === 0 ? "-" : String(Number(value.toFixed(2))))));
  const width = cells.flat().reduce((widest, { length }) => Math.max(widest, length), 0);
  return cells.map((row) => renderRow(row.map((cell) => cell.padStart(width))));
}

function renderRow(cells: readonly string[]): string {
  return `+${cells.join(" ")}+`;
}
