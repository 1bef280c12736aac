import { describe, expect, it } from "vitest";
import { grouped, measured } from "../../src/report/numbers.js";

describe("numbers for people", () => {
  it.each([
    [0, "0"],
    [9999, "9999"],
    [20000, "20\u202f000"],
    [1234567, "1\u202f234\u202f567"],
    [0.5, "0.5"],
    [12345.5, "12\u202f345.5"],
    [1e-7, "1e-7"],
    [1e21, "1e+21"],
  ])("part the thousands of %d", (value, text) => {
    expect(grouped(value)).toBe(text);
  });

  it.each([
    [0, "0.0000"],
    [0.38203, "0.3820"],
    [314.463, "314.5"],
    [20000.4, "20000"],
    [0.0000123, "1.23e-5"],
    [Number.NaN, "NaN"],
  ])("show of %d what was measured", (value, text) => {
    expect(measured(value)).toBe(text);
  });
});
