import { describe } from "../shown.js";
import type { Dtype } from "./dtype.js";
import { readHeader } from "./header.js";
import { checkLayout } from "./layout.js";
import { SafetensorsError } from "./safetensors-error.js";

/** A tensor of a file: a view of its bytes. */
export interface SafeTensor {
  /** As the file has it, such as `dnc/lstm/w_gates`; never `__proto__`, `constructor` or `prototype`. */
  readonly name: string;
  /** What its numbers are, by the format's name: `F32` and `I64` among others. */
  readonly dtype: Dtype;
  /** Lengths of its axes, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Little-endian, row-major; a view of the file, not a copy, and not aligned to anything. */
  readonly bytes: Uint8Array;
}

/** A safetensors file, checked. */
export interface DecodedSafetensors {
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  /** The file's own remarks, by key; empty where it has none. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bytes before the header: its length. */
export const LENGTH_BYTES = 8;

/** The longest header that the format permits. */
export const MAX_HEADER_BYTES = 100_000_000;

/**
 * Opens a file in the safetensors format, whoever made it. Nothing in the file is believed: lengths, names, shapes
 * and places are checked against each other and against what is there before anything is made from them, in time and
 * memory in proportion to the file.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors; where its reference reader is lenient
 * (white space other than spaces as padding) this one is not.
 *
 * @param bytes - the whole file.
 * @returns views of `bytes`: they change if it does. Every byte of the data belongs to exactly one tensor.
 * @throws SafetensorsError if the file breaks the format, is cut short, or has a tensor or key named `__proto__`,
 *   `constructor` or `prototype`; TypeError if `bytes` is no Uint8Array.
 */
export function decodeSafetensors(bytes: Uint8Array): DecodedSafetensors {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`bytes: expected a Uint8Array, got ${describe(bytes)}`);
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
