import { describe, expect, it } from "vitest";
import { UpdateCount } from "../src/update-count.js";

/** Adds steps. @returns the number of updates of each. */
const add = (count: UpdateCount, steps: number) => Array.from({ length: steps }, () => count.next());

describe("the number of updates of a step", () => {
  it("counts the steps added before", () => {
    const count = new UpdateCount();
    expect(add(count, 3)).toEqual([1, 2, 3]);
    expect(count.read([true, true])).toBe(false);
    expect(add(count, 1)).toEqual([4]);
  });

  it("excludes a rejected step and all that were added before its result was read", () => {
    const count = new UpdateCount();
    add(count, 5);
    expect(count.read([true, true, false])).toBe(true); // 4 and 5 are rejected too
    expect(add(count, 2)).toEqual([3, 4]);
    expect(count.read([false, false])).toBe(false); // known already
    expect(add(count, 1)).toEqual([5]);
    expect(count.read([true, false, false])).toBe(true);
    expect(add(count, 1)).toEqual([4]);
  });

  it("starts anew from a number that is set, whatever becomes of the steps before", () => {
    const count = new UpdateCount();
    add(count, 3);
    count.reset(100);
    expect(add(count, 2)).toEqual([101, 102]);
    expect(count.read([true, false])).toBe(true);
    expect(add(count, 1)).toEqual([101]);
  });
});
