import { expect, it } from "vitest";
import { escapeInvisible } from "../src/escape-invisible.js";

/** Invisible characters, by code. */
const INVISIBLE = [
  ...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 10),
  ...Array.from({ length: 33 }, (_, index) => 0x7f + index),
  ...[0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xfffe, 0xd800, 0xdfff],
];

it("escapes invisible characters, and nothing else", () => {
  expect(escapeInvisible("\x1b[31mred\x07\ttab\r\x7f\x9b\u202e")).toBe("\\x1b[31mred\\x07\\ttab\\r\\x7f\\x9b\\u202e");
  expect(escapeInvisible("two\nlines: é, 語, 😀, \\x1b")).toBe("two\nlines: é, 語, 😀, \\x1b");
  for (const code of INVISIBLE) expect(escapeInvisible(`a${String.fromCharCode(code)}b`)).toMatch(/^a\\\w+b$/);
});
