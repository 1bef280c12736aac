import type { SafeTensor } from "./decode.js";

/** The numbers of a tensor as float32; a copy. */
export function toFloat32({ bytes }: SafeTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}
