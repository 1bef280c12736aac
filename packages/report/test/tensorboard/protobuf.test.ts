import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesField,
  doubleField,
  floatField,
  integerField,
  messageField,
  stringField,
  varint,
} from "../../src/tensorboard/protobuf.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("varint", () => {
  it.each([
    [0, "00"],
    [1, "01"],
    [127, "7f"],
    [128, "8001"],
    [150, "9601"],
    [16_384, "808001"],
    [2 ** 31, "8080808008"],
    [2 ** 53, "8080808080808010"],
  ])("%d is %s", (value, expected) => {
    expect(hex(varint(value))).toBe(expected);
  });

  it("can be decoded, and has the fewest bytes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 53 }), fc.maxSafeInteger(), (shift, any) => {
        const value = Math.floor(Math.abs(any) / 2 ** shift);
        const bytes = varint(value);
        const decoded = bytes.reduceRight((sum, byte) => sum * 128n + BigInt(byte & 0x7f), 0n);
        expect(decoded).toBe(BigInt(value));
        expect([...bytes].map((byte) => byte >= 0x80)).toEqual([...Array(bytes.length - 1).fill(true), false]);
        expect(bytes.length).toBe(Math.max(1, Math.ceil(BigInt(value).toString(2).length / 7)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 54])("%d is refused", (value) => {
    expect(() => varint(value)).toThrow(new RangeError(`value: expected a whole number from 0 to 2^53, got ${value}`));
  });
});

describe("a field", () => {
  it.each([
    ["integer", integerField(1, 150), "089601"],
    ["integer under a number of two bytes", integerField(16, 1), "800101"],
    ["double", doubleField(1, 1), "09000000000000f03f"],
    ["float", floatField(2, -2), "15000000c0"],
    ["float that is infinite", floatField(2, Number.POSITIVE_INFINITY), "150000807f"],
    ["string", stringField(2, "é"), "1202c3a9"],
    ["string without letters", stringField(2, ""), "1200"],
    ["bytes", bytesField(4, Uint8Array.of(255, 0)), "2202ff00"],
    ["message", messageField(3, [integerField(1, 150), integerField(2, 0)]), "1a050896011000"],
  ])("of type %s is a tag and its value", (_, bytes, expected) => {
    expect(hex(bytes)).toBe(expected);
  });
});
