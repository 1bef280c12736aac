import { describe, expect, it } from "vitest";
import { flattenNested, mapNested, unflattenNested } from "../src/state.js";

const NESTED = { a: 1, b: { c: 2, d: { e: 3 } }, f: {}, g: 4 };

describe("mapNested", () => {
  it("replaces every value and preserves the structure", () => {
    expect(mapNested<number, string>(NESTED, (value) => `${value}!`)).toEqual({
      a: "1!",
      b: { c: "2!", d: { e: "3!" } },
      f: {},
      g: "4!",
    });
  });
});

describe("flattenNested", () => {
  it("lists values depth first, and treats an array as a value", () => {
    expect(flattenNested<number>(NESTED)).toEqual([1, 2, 3, 4]);
    expect(flattenNested({ a: [1, 2], b: { c: [3] } })).toEqual([[1, 2], [3]]);
  });

  it("uses the order of keys of another structure", () => {
    expect(flattenNested<number>(NESTED, { g: "", b: { d: { e: "" }, c: "" }, f: {}, a: "" })).toEqual([4, 3, 2, 1]);
  });
});

describe("unflattenNested", () => {
  it("inverts flattenNested", () => {
    expect(unflattenNested(NESTED, flattenNested<number>(NESTED))).toEqual(NESTED);
    const order = { g: "", b: { d: { e: "" }, c: "" }, f: {}, a: "" };
    expect(unflattenNested(order, flattenNested<number>(NESTED, order))).toEqual(NESTED);
  });
});
