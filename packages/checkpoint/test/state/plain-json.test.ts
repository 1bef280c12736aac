import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { misplacedLine } from "../../src/state/json-layout.js";
import { findUnserializable } from "../../src/state/plain-json.js";
import { utf8 } from "../files.js";

const RUNS = { seed: 1, numRuns: 500 };
const pretty = (value: unknown) => utf8(`${JSON.stringify(value, null, 2)}\n`);

describe("findUnserializable", () => {
  it("finds nothing exactly where a journey through JSON changes nothing", () => {
    const values = fc.anything({ withDate: true, withMap: true, withSparseArray: true, withTypedArray: true });
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(!/__proto__|constructor|prototype/.test(fc.stringify(value)));
        if (findUnserializable(value) === undefined) expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!/"__proto__"|"constructor"|"prototype"|-0\b/.test(fc.stringify(value)));
        expect(findUnserializable(value)).toBeUndefined();
      }),
      RUNS,
    );
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);

  it.each([
    [".a[1]: expected plain JSON, got NaN", { a: [0, Number.NaN] }],
    ['["b c"]: expected plain JSON, got Infinity', { "b c": Number.POSITIVE_INFINITY }],
    [".a: expected plain JSON, got -0", { a: -0 }],
    [".a: expected plain JSON, got undefined", { a: undefined }],
    [".a: expected plain JSON, got 5", { a: 5n }],
    [".a: expected plain JSON, got a function", { a: () => 1 }],
    [".a: expected plain JSON, got Date", { a: new Date(0) }],
    [".a: expected plain JSON, got Float32Array", { a: new Float32Array(2) }],
    [".a: expected plain JSON, got Map", { a: new Map() }],
    [".a: expected plain JSON, got an array", { a: Array(2) }],
    [".a: expected plain JSON, got an array", { a: Object.assign([1], { extra: 1 }) }],
    [": expected plain JSON, got an object", { [Symbol("a")]: 1 }],
    [': expected other keys than "constructor"', { constructor: 1 }],
    [`${"[0]".repeat(64)}: expected at most 64 levels, got more`, cycle],
  ])("reports: %s", (message, value) => {
    expect(findUnserializable(value)).toBe(message);
  });
});

describe("misplacedLine", () => {
  it("finds none in what JSON.stringify wrote", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(misplacedLine(pretty(value))).toBeUndefined();
      }),
      RUNS,
    );
  });

  it("finds white space that was added or removed outside strings", () => {
    const whole = pretty({ a: [1, { b: "x" }], c: {}, d: [] });
    const isLetter = (at: number) => (whole[at] as number) >= 0x61 && (whole[at] as number) <= 0x7a;
    for (let at = 0; at < whole.length; at++) {
      const added = Uint8Array.of(...whole.subarray(0, at), 0x20, ...whole.subarray(at));
      const inString = isLetter(at) || isLetter(at - 1);
      if (!inString) expect(misplacedLine(added), `added at ${at}`).toBeDefined();
      const taken = Uint8Array.of(...whole.subarray(0, at), ...whole.subarray(at + 1));
      const isSpace = whole[at] === 0x20 || whole[at] === 0x0a;
      if (isSpace) expect(misplacedLine(taken), `taken at ${at}`).toBeDefined();
    }
  });

  it("refuses more than 64 levels of nesting", () => {
    const nested = (depth: number) =>
      pretty(Array.from({ length: depth - 1 }).reduce((inner) => [inner], [] as unknown));
    expect(misplacedLine(nested(64))).toBeUndefined();
    expect(misplacedLine(nested(65))).toBe(65);
  });
});
