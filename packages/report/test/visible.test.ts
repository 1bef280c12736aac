import fc from "fast-check";
import { expect, it } from "vitest";
import { visibleJson, visibleLine, visibleText } from "../src/visible.js";

/** Characters that do not show, or that a terminal may obey, by code. */
const INVISIBLE = [
  ...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 10),
  ...Array.from({ length: 33 }, (_, index) => 0x7f + index),
  ...[0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xfffe, 0xd800, 0xdfff],
];

it("shows what would not be seen, and leaves all else", () => {
  expect(visibleText("\x1b[31mred\x07\ttab\r\x7f\x9b\u202e")).toBe("\\x1b[31mred\\x07\\ttab\\r\\x7f\\x9b\\u202e");
  expect(visibleText("two\nlines: é, 語, 😀, \\x1b")).toBe("two\nlines: é, 語, 😀, \\x1b");
  expect(visibleLine("two\nlines")).toBe("two\\nlines");
  for (const code of INVISIBLE) expect(visibleText(`a${String.fromCharCode(code)}b`)).toMatch(/^a\\\w+b$/);
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
