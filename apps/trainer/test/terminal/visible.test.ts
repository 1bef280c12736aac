import fc from "fast-check";
import { expect, it } from "vitest";
import { visible, visibleJson, visibleLine } from "../../src/terminal/visible.js";

/** All control characters of terminals, by code. */
const OBEYED = [
  ...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 10),
  ...Array.from({ length: 33 }, (_, index) => 0x7f + index),
  ...[0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xd800, 0xdfff],
];

it("escapes control characters, and nothing else", () => {
  expect(visible("\x1b[31mred\x07\ttab\r\x7f\x9b\u202e")).toBe("\\x1b[31mred\\x07\\ttab\\r\\x7f\\x9b\\u202e");
  expect(visible("two\nlines: é, 語, 😀, \\x1b")).toBe("two\nlines: é, 語, 😀, \\x1b");
  expect(visibleLine("two\nlines")).toBe("two\\nlines");
  for (const code of OBEYED) expect(visible(`a${String.fromCharCode(code)}b`)).toMatch(/^a\\\w+b$/);
});

it("JSON is still JSON of the same value, on one printable line", () => {
  const value = fc.anything({ withNullPrototype: false, values: [fc.string({ unit: "binary" }), fc.integer()] });
  fc.assert(
    fc.property(value, (given) => {
      const text = visibleJson({ given });
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ given })));
      expect(visibleLine(text)).toBe(text);
    }),
    { seed: 1 },
  );
});
