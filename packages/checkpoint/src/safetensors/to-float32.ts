import type { SafeTensor } from "./decode.js";
import { readFloats } from "./float-bytes.js";

/**
 * Converts a floating-point tensor to float32, on machines of either byte order.
 *
 * F32 is copied bit by bit, F16 and BF16 are converted exactly; F64 is rounded to the nearest float32, or to infinity
 * beyond its range.
 *
 * @param tensor - of dtype F32, F64, F16 or BF16.
 * @returns a copy: writing to it does not change the file's bytes.
 * @throws TypeError for any other dtype.
 */
export function toFloat32({ name, dtype, bytes }: SafeTensor): Float32Array {
  if (dtype === "F32") return readFloats(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case "F64":
      return filled(bytes.length / 8, (index) => view.getFloat64(8 * index, true));
    case "F16":
      return filled(bytes.length / 2, (index) => half(view.getUint16(2 * index, true)));
    case "BF16":
      return widened(bytes, view);
    default:
      throw new TypeError(`${name}: expected F32, F64, F16 or BF16, got ${dtype}`);
  }
}

function filled(length: number, number: (index: number) => number): Float32Array {
  const values = new Float32Array(length);
  for (let index = 0; index < length; index++) values[index] = number(index);
  return values;
}

/** Converts IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Converts bfloat16, which is the upper half of a float32. */
function widened(bytes: Uint8Array, view: DataView): Float32Array {
  const bits = new Uint32Array(bytes.length / 2);
  for (let index = 0; index < bits.length; index++) bits[index] = view.getUint16(2 * index, true) << 16;
  return new Float32Array(bits.buffer);
}
