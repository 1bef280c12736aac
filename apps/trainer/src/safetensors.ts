import { endianness } from "node:os";

/** A tensor as it goes into a file. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

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
export function encodeSafetensors(tensors: readonly StoredTensor[]): Buffer {
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
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)), "utf8");
  const padding = (ALIGNMENT - (json.length % ALIGNMENT)) % ALIGNMENT;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding));
  return Buffer.concat([
    length,
    json,
    Buffer.alloc(padding, " "),
    ...tensors.map(({ values }) => littleEndian(values)),
  ]);
}

function littleEndian(values: Float32Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}
