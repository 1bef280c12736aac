import { expect, it } from "vitest";
import { seriesOf } from "../../src/images/trace-series.js";
import { slotOrder } from "../../src/timeline/slot-order.js";

/** Reads write weights `[time][head][slot]` as a series. */
function seriesFrom(weights: readonly (readonly (readonly number[])[])[]) {
  const shape = [weights.length, 1, weights[0].length, weights[0][0].length];
  return seriesOf({ quantities: { writeWeights: { shape, data: weights.flat(2) } } }, "writeWeights", 2, 0);
}

it("slots are in the order of their first write, the larger weight first, then those that were never written", () => {
  const writes = seriesFrom([[[0.05, 0, 0, 0.9, 0]], [[0, 0.3, 0, 0.1, 0.6]], [[0, 0, 0.09, 1, 0]]]);
  expect(slotOrder(writes, 9)).toEqual({ slots: [3, 4, 1, 0, 2], total: 5, written: 3 });
  expect(slotOrder(writes, 2)).toEqual({ slots: [3, 4], total: 5, written: 3 });
});

it("the first write is that of any head", () => {
  const writes = seriesFrom([
    [
      [0, 0, 1],
      [0, 0, 0],
    ],
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
  ]);
  expect(slotOrder(writes, 9).slots).toEqual([2, 0, 1]);
});
