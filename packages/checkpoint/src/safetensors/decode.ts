/** What the numbers of a tensor are. */
export type Dtype = "F32";

/** A tensor of a file: a view of its bytes. */
export interface SafeTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Little-endian, row-major; a view, not a copy. */
  readonly bytes: Uint8Array;
}

/** A safetensors file, checked. */
export interface DecodedSafetensors {
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, SafeTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file that is not in the safetensors format, or not whole. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

export function decodeSafetensors(bytes: Uint8Array): DecodedSafetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const tensors = new Map<string, SafeTensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries<{
    dtype: Dtype;
    shape: number[];
    data_offsets: [number, number];
  }>(header)) {
    const [begin, end] = data_offsets;
    tensors.set(name, { name, dtype, shape, bytes: bytes.subarray(8 + length + begin, 8 + length + end) });
  }
  return { tensors, metadata: new Map() };
}
