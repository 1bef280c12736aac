/** Rows of the kernel's arrays, which may be padded: copied to and from arrays without padding. */
import type { ArrayField } from "./generated/plan.js";
import type { KernelNetwork } from "./host.js";

/** Rows of an array of the plan. */
export interface Rows {
  readonly field: ArrayField;
  /** Index of the first number of the first row. */
  readonly at: number;
  /** Distance from a row to the next. */
  readonly stride: number;
  readonly count: number;
  /** Numbers of each row that are copied. */
  readonly width: number;
}

/** About how many numbers are copied at once. */
const BLOCK = 8192;

/** Reads rows. @returns `[count, width]`. */
export function readRows(network: KernelNetwork, { field, at, stride, count, width }: Rows): Float32Array {
  const values = new Float32Array(count * width);
  if (values.length === 0) return values;
  // Many rows with one call: the padding is copied too, which takes less time than a call per row.
  const rowsAtOnce = Math.min(count, Math.ceil(BLOCK / stride));
  const block = new Float32Array((rowsAtOnce - 1) * stride + width);
  let to = 0;
  for (let first = 0; first < count; first += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, count - first);
    network.read(
      field,
      at + first * stride,
      rows < rowsAtOnce ? block.subarray(0, (rows - 1) * stride + width) : block,
    );
    for (let row = 0; row < rows; row++)
      for (let from = row * stride, end = from + width; from < end; from++) values[to++] = block[from];
  }
  return values;
}

/** Writes rows, and nothing between them: `values` is `[count, width]`. */
export function writeRows(
  network: KernelNetwork,
  { field, at, stride, count, width }: Rows,
  values: Float32Array,
): void {
  if (width === 0) return;
  for (let row = 0; row < count; row++)
    network.write(field, at + row * stride, values.subarray(row * width, (row + 1) * width));
}

/** Writes rows from the beginning of an array, and zeros after each: `values` is `[count, width]`. */
export function writePaddedRows(
  network: KernelNetwork,
  { field, stride, count, width }: Omit<Rows, "at">,
  values: Float32Array,
): void {
  const padded = new Float32Array(count * stride);
  for (let row = 0, from = 0; row < count; row++)
    for (let column = 0; column < width; column++) padded[row * stride + column] = values[from++];
  network.write(field, 0, padded);
}

/** Rows of the logits or of their gradient, `[time, batch, outputSize]`. */
export function logitRows(network: KernelNetwork, field: "logits" | "dLogits", count: number): Rows {
  return { field, at: 0, stride: network.get("outPad"), count, width: network.sizes.outputSize };
}
