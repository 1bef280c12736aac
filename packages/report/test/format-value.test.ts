import { expect, it } from "vitest";
import { formatValue } from "../src/format-value.js";

it("is short JSON on one line", () => {
  expect([3, Number.NaN, "a", true, null, [1, { b: 2 }]].map(formatValue)).toEqual([
    ...["3", "NaN", '"a"', "true", "null", '[1,{"b":2}]'],
  ]);
  expect(formatValue("\x1b[31m\u202e\n")).toBe('"\\u001b[31m\\u202e\\n"');
  expect(formatValue("x".repeat(100))).toBe(`"${"x".repeat(56)}...`);
});

it("says that there is nothing, or too much of it", () => {
  expect([undefined, ""].map(formatValue)).toEqual(["nothing", "nothing"]);
  const nested = (levels: number, inner: unknown): unknown => (levels === 0 ? inner : [nested(levels - 1, inner)]);
  expect(formatValue(nested(5000, 1))).toBe("a deep array");
  expect(formatValue({ key: nested(5000, 1) })).toBe("a deep object");
});
