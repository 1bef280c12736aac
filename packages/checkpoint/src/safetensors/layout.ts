import { formatValue } from "../format-value.js";
import { DTYPE_BYTES } from "./dtype.js";
import type { HeaderEntry } from "./header.js";
import { SafetensorsError } from "./safetensors-error.js";

/** Maximum number of dimensions in an error message. */
const MAX_DIMENSIONS = 8;

/**
 * Checks that tensors fill the data of a file: each has as many bytes as its shape needs, and every byte belongs to
 * exactly one tensor.
 *
 * @param length - bytes after the header.
 * @throws SafetensorsError naming the first tensor that does not fit.
 */
export function checkLayout(entries: Iterable<HeaderEntry>, length: number): void {
  const inPlace = [...entries];
  for (const entry of inPlace) checkEntry(entry, length);
  inPlace.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let place = 0;
  for (const entry of inPlace) {
    if (entry.begin !== place)
      throw fault(entry, `data_offsets: expected to begin at ${place}, where the one before ends, got ${entry.begin}`);
    place = entry.end;
  }
  if (place !== length) throw new SafetensorsError(`file: expected ${place} bytes of data, got ${length}`);
}

function checkEntry(entry: HeaderEntry, length: number): void {
  const { begin, end, shape, dtype } = entry;
  if (begin > end || end > length)
    throw fault(entry, `data_offsets: expected begin <= end <= ${length}, the bytes of data, got [${begin}, ${end}]`);
  const size = byteSize(shape, DTYPE_BYTES.get(dtype) as number);
  if (size === end - begin) return;
  const dimensions = shape.length > MAX_DIMENSIONS ? [...shape.slice(0, MAX_DIMENSIONS), "..."] : shape;
  const expected = size === undefined ? "over 2^53" : size;
  throw fault(entry, `expected ${expected} bytes for ${dtype} [${dimensions.join(", ")}], got ${end - begin}`);
}

/**
 * Computes the bytes that a shape needs; undefined if that exceeds the safe integers. No intermediate result is
 * rounded.
 */
function byteSize(shape: readonly number[], each: number): number | undefined {
  if (shape.includes(0)) return 0;
  let size = each;
  for (const dimension of shape) {
    if (size > Math.floor(Number.MAX_SAFE_INTEGER / dimension)) return undefined;
    size *= dimension;
  }
  return size;
}

function fault({ name }: HeaderEntry, text: string): SafetensorsError {
  return new SafetensorsError(`tensor ${formatValue(name)}: ${text}`);
}
