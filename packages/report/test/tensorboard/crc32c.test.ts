import { expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "../../src/tensorboard/crc32c.js";

const ASCENDING = Uint8Array.from({ length: 32 }, (_, index) => index);

it.each([
  ["no bytes", new Uint8Array(0), 0],
  ["32 bytes of zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["32 ascending bytes", ASCENDING, 0x46dd794e],
  ["32 descending bytes", ASCENDING.toReversed(), 0x113fdb5c],
  ["123456789", Buffer.from("123456789"), 0xe3069283],
])("the checksum of %s is that of RFC 3720", (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

it("the mask rotates right by 15 bits and adds a constant, in 32 bits", () => {
  expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
  // 0xe3069283 rotated right by 15: 0x2507c60d.
  expect(maskedCrc32c(Buffer.from("123456789"))).toBe(0x2507c60d + 0xa282ead8);
  // 0x8a9136aa rotated right by 15: 0x6d551522; the sum exceeds 2^32.
  expect(maskedCrc32c(new Uint8Array(32))).toBe(0x6d551522 + 0xa282ead8 - 2 ** 32);
});
