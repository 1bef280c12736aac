import { describe, expect, it } from "vitest";
import { encodeSafetensors } from "../src/safetensors.js";
import { decodeSafetensors } from "./support.js";

const TENSORS = [
  { name: "dnc/w", shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 3e38, 1e-45, -0) },
  { name: "scalar", shape: [], values: Float32Array.of(7) },
  { name: "empty", shape: [0, 4], values: new Float32Array(0) },
];

describe("encodeSafetensors", () => {
  it("gives back names, shapes and every bit", () => {
    const { tensors } = decodeSafetensors(encodeSafetensors(TENSORS));
    expect([...tensors]).toEqual(
      TENSORS.map(({ name, shape, values }) => [name, { dtype: "F32", shape, values: Array.from(values) }]),
    );
  });

  it.each(["a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "ü"])(
    "begins the data at a multiple of 8, with a tensor named %s",
    (name) => {
      const bytes = encodeSafetensors([{ name, shape: [1], values: Float32Array.of(5) }]);
      const { headerLength, tensors } = decodeSafetensors(bytes);
      expect(headerLength % 8).toBe(0);
      expect(bytes.length).toBe(8 + headerLength + 4);
      expect(tensors.get(name)?.values).toEqual([5]);
    },
  );

  it("takes a part of a larger buffer", () => {
    const values = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    const { tensors } = decodeSafetensors(encodeSafetensors([{ name: "x", shape: [2], values }]));
    expect(tensors.get("x")?.values).toEqual([2, 3]);
  });

  it("refuses shapes that do not fit and names that come twice", () => {
    const x = { name: "x", shape: [3], values: new Float32Array(2) };
    expect(() => encodeSafetensors([x])).toThrow(new RangeError("x: expected 3 values, got 2"));
    const y = { name: "y", shape: [2], values: new Float32Array(2) };
    expect(() => encodeSafetensors([y, y])).toThrow(new RangeError("y: expected each name once, got it twice"));
  });
});
