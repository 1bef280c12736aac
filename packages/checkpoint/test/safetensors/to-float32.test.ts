import { describe, expect, it } from "vitest";
import { type Dtype, type SafeTensor, toFloat32 } from "../../src/index.js";
import { readFloats } from "../../src/safetensors/float-bytes.js";

/** Creates a tensor whose bytes begin at an odd offset of their buffer. */
function unaligned(dtype: Dtype, bytes: Uint8Array): SafeTensor {
  const buffer = new Uint8Array(bytes.length + 1);
  buffer.set(bytes, 1);
  return { name: "a", dtype, shape: [], bytes: buffer.subarray(1) };
}

const bytesOf = (numbers: ArrayBufferView) => new Uint8Array(numbers.buffer.slice(0) as ArrayBuffer);

/** Decodes binary16 bits from the definition. */
function binary16(bits: number): number {
  const sign = bits >= 0x8000 ? "-" : "";
  const [exponent, fraction] = [Math.floor(bits / 1024) % 32, bits % 1024];
  if (exponent === 31) return fraction ? Number.NaN : Number(`${sign}Infinity`);
  return Number(`${sign}1`) * (exponent ? 1 + fraction / 1024 : fraction / 1024) * 2 ** Math.max(exponent - 15, -14);
}

describe("toFloat32", () => {
  it("reads all 65,536 numbers of F16", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, index) => index);
    expect(toFloat32(unaligned("F16", bytesOf(bits)))).toEqual(Float32Array.from(bits, binary16));
  });

  it("reads BF16 as the upper half of a float32", () => {
    const bits = Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x7f80, 0xff80, 0x8000);
    const expected = Float32Array.of(1, -2, 2 ** -133, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0);
    expect(toFloat32(unaligned("BF16", bytesOf(bits)))).toEqual(expected);
  });

  it("rounds F64", () => {
    const numbers = Float64Array.of(0.1, -1e300, 2 ** -149, 5);
    expect(toFloat32(unaligned("F64", bytesOf(numbers)))).toEqual(Float32Array.from(numbers));
  });

  it("copies F32: the file's bytes stay as they are", () => {
    const given = unaligned("F32", bytesOf(Float32Array.of(1, 2, 3)));
    const before = given.bytes.slice();
    toFloat32(given).fill(9);
    expect(given.bytes).toEqual(before);
    expect(toFloat32(given)).toEqual(Float32Array.of(1, 2, 3));
  });

  it("reads the same on a big-endian machine", () => {
    const { bytes } = unaligned("F32", bytesOf(Float32Array.of(1, -2.5, 1e-40)));
    expect(readFloats(bytes, false)).toEqual(readFloats(bytes, true));
  });

  it.each(["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "I32", "U32", "I64", "U64"] as Dtype[])(
    "refuses %s",
    (dtype) => {
      const error = new TypeError(`a: expected F32, F64, F16 or BF16, got ${dtype}`);
      expect(() => toFloat32(unaligned(dtype, new Uint8Array(8)))).toThrow(error);
    },
  );
});
