import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, toFloat32 } from "../../src/index.js";
import { writeFloats } from "../../src/safetensors/float-bytes.js";
import type { StoredTensor } from "../../src/stored-tensor.js";
import { tensor, utf8 } from "../files.js";

const RUNS = { seed: 1, numRuns: 200 };
const REFUSED = ["", "__metadata__", "__proto__", "constructor", "prototype"];

const names = fc.string({ unit: "grapheme", maxLength: 30 }).filter((name) => !REFUSED.includes(name));
const shapes = fc.array(fc.nat(4), { maxLength: 4 });
const tensors = fc.uniqueArray(
  fc.tuple(names, shapes, fc.nat(1000)).map(([name, shape, start]) => tensor(name, shape, start)),
  { selector: ({ name }) => name, maxLength: 12 },
);

const decoded = (bytes: Uint8Array): StoredTensor[] =>
  [...decodeSafetensors(bytes).tensors.values()].map((found) => ({
    name: found.name,
    shape: found.shape,
    values: toFloat32(found),
  }));

describe("encodeSafetensors", () => {
  it("writes these bytes", () => {
    const file = encodeSafetensors([tensor("a/b", [2], 1), tensor("c", [], -2)], { metadata: { by: "test" } });
    const header =
      '{"__metadata__":{"by":"test"},"a/b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"c":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const data = [0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x90, 0x3f, 0x00, 0x00, 0x00, 0xc0];
    expect(file).toEqual(Uint8Array.of(padded.length, 0, 0, 0, 0, 0, 0, 0, ...utf8(padded), ...data));
  });

  it("is undone by decodeSafetensors: names, order, shapes and values", () => {
    fc.assert(
      fc.property(tensors, (given) => {
        expect(decoded(encodeSafetensors(given))).toEqual(given);
      }),
      RUNS,
    );
  });

  it("keeps every bit of a value, those of NaN too", () => {
    const bits = Uint32Array.of(0x7fc01234, 0xffc00001, 0x80000000, 0x00000001, 0x7f800000);
    const [back] = decoded(encodeSafetensors([{ name: "a", shape: [5], values: new Float32Array(bits.buffer) }]));
    expect(new Uint32Array(back?.values.buffer as ArrayBuffer)).toEqual(bits);
  });

  it("keeps metadata, and the order of names that are numbers", () => {
    const file = encodeSafetensors([tensor("10", [1]), tensor("9", [1])], {
      metadata: { a: "\u0000 \u{1f600}", b: "" },
    });
    const { tensors: found, metadata } = decodeSafetensors(file);
    expect([...found.keys()]).toEqual(["10", "9"]);
    expect([...metadata]).toEqual(Object.entries({ a: "\u0000 \u{1f600}", b: "" }));
  });

  it("shares no memory with what it was given, and takes views of larger buffers", () => {
    const values = new Float32Array(8).fill(3).subarray(3, 5);
    const file = encodeSafetensors([{ name: "a", shape: [2], values }]);
    values.fill(7);
    expect(decoded(file)[0]?.values).toEqual(Float32Array.of(3, 3));
  });

  it("writes the same bytes on a big-endian machine", () => {
    const values = Float32Array.of(1, -2.5, 1e-40, Number.NaN);
    const [little, big] = [new Uint8Array(20), new Uint8Array(20)];
    writeFloats(little, 3, values, true);
    writeFloats(big, 3, values, false);
    expect(big).toEqual(little);
  });

  it.each([
    ...REFUSED.map((name) => [
      [tensor(name, [1])],
      RangeError,
      `name: expected one that is neither empty nor reserved, got "${name}"`,
    ]),
    [[tensor("a", [1]), tensor("a", [2])], RangeError, 'name: expected each once, got "a" twice'],
    [[tensor(5 as never, [1])], TypeError, "name: expected a string, got 5"],
    [[tensor("\ud800", [1])], RangeError, 'name: expected whole characters, got "\\ud800"'],
    [[{ ...tensor("a", [2]), shape: [3] }], RangeError, '"a": expected 3 values for [3], got 2'],
    [[{ ...tensor("a", [2]), shape: [-2] }], RangeError, '"a": shape: expected non-negative integers, got -2'],
    [[{ ...tensor("a", [2]), shape: [0.5, 4] }], RangeError, '"a": shape: expected non-negative integers, got 0.5'],
    [[{ ...tensor("a", [2]), shape: "2" as never }], TypeError, '"a": shape: expected an array, got "2"'],
    [
      [{ ...tensor("a", [2]), values: [1, 2] as never }],
      TypeError,
      '"a": values: expected a Float32Array, got an array',
    ],
  ] as [StoredTensor[], ErrorConstructor, string][])("refuses %o", (given, error, message) => {
    expect(() => encodeSafetensors(given)).toThrow(new error(message));
  });

  it("refuses metadata that are no strings", () => {
    const encode = (metadata: unknown) => () => encodeSafetensors([], { metadata: metadata as never });
    expect(encode({ a: 1 })).toThrow(new TypeError('metadata "a": expected a string, got 1'));
    expect(encode(null)).toThrow(new TypeError("metadata: expected an object, got null"));
    expect(encode({ prototype: "" })).toThrow(new RangeError('metadata: expected other keys than "prototype"'));
  });
});
