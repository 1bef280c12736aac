import { expect, it } from "vitest";
import { crc32c } from "../../src/tensorboard/crc32c.js";
import { encodeRecord } from "../../src/tensorboard/record.js";

it("a record is length, checksum, data, checksum", () => {
  const data = Buffer.from("some data");
  const record = Buffer.from(encodeRecord(data));
  expect(record).toHaveLength(8 + 4 + 9 + 4);
  expect(record.readBigUInt64LE(0)).toBe(9n);
  expect(unmasked(record.readUInt32LE(8))).toBe(crc32c(record.subarray(0, 8)));
  expect(record.subarray(12, 21)).toEqual(data);
  expect(unmasked(record.readUInt32LE(21))).toBe(crc32c(data));
});

it("24 bytes begin as TensorFlow's own event files do", () => {
  const record = Buffer.from(encodeRecord(new Uint8Array(24)));
  expect(record.subarray(0, 12).toString("hex")).toBe("1800000000000000a37f4b22");
});

it("an empty record is a record", () => {
  expect(encodeRecord(new Uint8Array(0))).toHaveLength(16);
});

function unmasked(masked: number): number {
  const turned = (masked - 0xa282ead8) >>> 0;
  return ((turned << 15) | (turned >>> 17)) >>> 0;
}
