import { describe, expect, it } from "vitest";
import { checkCount } from "../../src/engine/index.js";

describe("checks made before anything changes", () => {
  it.each([-1, 0, 1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])("refuse %d as a count", (count) => {
    expect(() => checkCount("time", count)).toThrow(RangeError);
  });
});
