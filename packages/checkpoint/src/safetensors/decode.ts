import { formatValue } from "../format-value.js";
import type { Dtype } from "./dtype.js";
import { readHeader } from "./header.js";
import { checkLayout } from "./layout.js";
import { SafetensorsError } from "./safetensors-error.js";

/** A tensor of a file, as a view of its bytes. */
export interface SafeTensor {
  /** The name in the file, such as `dnc/lstm/w_gates`; never `__proto__`, `constructor` or `prototype`. */
  readonly name: string;
  /** Data type by the format's name, such as `F32` or `I64`. */
  readonly dtype: Dtype;
  /** Lengths of its axes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Little-endian, row-major; a view of the file, with no alignment. */
  readonly bytes: Uint8Array;
}

/** A decoded safetensors file. */
export interface DecodedSafetensors {
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  /** The file's metadata by key; empty if it has none. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bytes of the header's length, which precedes the header. */
export const LENGTH_BYTES = 8;

/** The longest header that the format permits. */
export const MAX_HEADER_BYTES = 100_000_000;

/**
 * Decodes a file in the safetensors format.
 *
 *     const { tensors } = decodeSafetensors(bytes);
 *     for (const tensor of tensors.values()) console.log(tensor.name, tensor.shape, toFloat32(tensor));
 *
 * The file is untrusted input: lengths, names, shapes and offsets are checked against each other and against the file's
 * length before anything is allocated, in time and memory proportional to the file.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors; unlike the reference reader,
 * this one accepts only spaces as padding.
 *
 * @param bytes - the complete file.
 * @returns views of `bytes`, which change with it. Every byte of the data belongs to exactly one tensor.
 * @throws SafetensorsError if the file breaks the format, is truncated, or has a tensor or key named `__proto__`,
 *   `constructor` or `prototype`; TypeError if `bytes` is not a Uint8Array.
 */
export function decodeSafetensors(bytes: Uint8Array): DecodedSafetensors {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes: expected a Uint8Array, got ${formatValue(bytes)}`);
  const start = LENGTH_BYTES + headerLength(bytes);
  const { entries, metadata } = readHeader(bytes.subarray(LENGTH_BYTES, start));
  checkLayout(entries.values(), bytes.length - start);
  const tensors = new Map<string, SafeTensor>();
  for (const { name, dtype, shape, begin, end } of entries.values())
    tensors.set(name, { name, dtype, shape, bytes: bytes.subarray(start + begin, start + end) });
  return { tensors, metadata };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES)
    throw new SafetensorsError(`file: expected at least ${LENGTH_BYTES} bytes, got ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES)
    throw new SafetensorsError(`header: expected a length of at most ${MAX_HEADER_BYTES} bytes, got ${length}`);
  if (length > bytes.length - LENGTH_BYTES)
    throw new SafetensorsError(`header: expected ${length} bytes, got ${bytes.length - LENGTH_BYTES}`);
  return Number(length);
}
