import type { StoredTensor } from "../stored-tensor.js";

/** The data begin at a multiple of this many bytes. */
const ALIGNMENT = 8;

/**
 * Tensors in the safetensors format: 8 bytes with the header's length, a JSON header (names, shapes, places), padded
 * with spaces, then all values as little-endian float32 in the given order.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors.
 *
 * @throws RangeError if a name comes twice or a shape does not fit its values.
 */
export function encodeSafetensors(tensors: readonly StoredTensor[]): Uint8Array {
  const header = new Map<string, object>();
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== values.length) throw new RangeError(`${name}: expected ${size} values, got ${values.length}`);
    if (header.has(name)) throw new RangeError(`${name}: expected each name once, got it twice`);
    const end = offset + values.byteLength;
    header.set(name, { dtype: "F32", shape, data_offsets: [offset, end] });
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + length + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const { values } of tensors) for (const value of values) at = writeFloat(view, at, value);
  return bytes;
}

function writeFloat(view: DataView, at: number, value: number): number {
  view.setFloat32(at, value, true);
  return at + 4;
}
