/** The rules by which numbers count as close. */
import { expect, it } from "vitest";
import { close, compare, compareText, exact } from "../compare.mjs";

const tensor = (...data) => ({ shape: [data.length], dtype: "float32", data });
const passes = (expected, actual, rule) =>
  compare("x", tensor(...expected), tensor(...actual), rule).failures.length === 0;

it.each([
  ["1e-5 at numbers of about 1", [1, 0.5], [1.000009, 0.500009], true],
  ["more than 1e-5 at numbers of about 1", [1, 0.5], [1, 0.500011], false],
  ["1e-5 of a larger number", [20], [20.00019], true],
  ["more than 5e-4 of a larger number", [200], [200.0006], false],
  ["1e-5 of the largest where all are small", [1e-2, 1e-3], [1e-2, 1e-3 + 2e-7], false],
  ["a hundredth of the largest where all are tiny", [1e-6, 0], [1e-6, 0.9e-8], true],
  ["more than a hundredth of the largest where all are tiny", [1e-6, 0], [1e-6, 1.1e-8], false],
  ["the last bits of a number that float32 cannot tell from its neighbours", [1 << 30], [(1 << 30) + 256], true],
  ["what is not a number", [1], [Number.NaN], false],
])("closeness: %s", (_, expected, actual, verdict) => {
  expect(passes(expected, actual, close())).toBe(verdict);
});

it("the tolerance includes a multiple of a recorded rounding", () => {
  const rule = (difference) => close({ recorded: [difference], sorted: false });
  expect(passes([0.2, 0], [0.2, 4.9e-5], rule(1e-5))).toBe(true);
  expect(passes([0.2, 0], [0.2, 5.1e-5], rule(1e-5))).toBe(false);
  expect(passes([0.2, 0], [0.2, 2.9e-3], rule(1e-3))).toBe(true);
  expect(passes([0.2, 0], [0.2, 3.1e-3], rule(1e-3))).toBe(false);
});

it("the tolerance does not include a recorded reordering", () => {
  expect(passes([2, 0], [2, 0.9e-5], close({ recorded: [1.9] }))).toBe(true);
  expect(passes([2, 0], [2, 1.1e-5], close({ recorded: [1.9] }))).toBe(false);
});

it("a difference is reported with its place, absolutely and relative to the largest magnitude", () => {
  const values = (data) => ({ shape: [2, 2], dtype: "float32", data });
  const finding = compare("x", values([1, 2, 4, 3]), values([1, 2, 4, 5]), exact);
  expect(finding.absolute).toEqual({ difference: 2, where: "x[1,1]" });
  expect(finding.relative).toEqual({ difference: 0.5, where: "x[1,1]" });
  expect(finding.failures).toEqual(["x[1,1]: expected 3, got 5, allowed 0.0e+0"]);
});

it("shapes, integers and texts must be equal", () => {
  expect(compare("x", tensor(1), tensor(1, 1), close()).failures).toEqual(["x: expected shape [1], got [2]"]);
  expect(compare("x", { ...tensor(1), dtype: "int32" }, tensor(1), exact).failures).not.toEqual([]);
  expect(compareText("x", "one\ntwo", "one\ntoo").failures).toEqual([
    'x: texts differ from letter 5: expected "wo", got "oo"',
  ]);
});

it("an alternative is accepted, only where there is one", () => {
  const alternative = (index) => (index === 0 ? 5 : undefined);
  expect(compare("x", tensor(0, 0), tensor(5, 0), exact, alternative).failures).toEqual([]);
  expect(compare("x", tensor(0, 0), tensor(0, 5), exact, alternative).failures).not.toEqual([]);
});
