import fc from "fast-check";
import { expect, it } from "vitest";
import { assign } from "../assignment.mjs";

const square = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
);

it("no permutation has a lower cost", () => {
  fc.assert(
    fc.property(square, (costs) => {
      const cost = (columns) => columns.reduce((sum, column, row) => sum + costs[row][column], 0);
      const columns = assign(costs);
      expect([...columns].sort()).toEqual([...costs.keys()]);
      expect(cost(columns)).toBe(Math.min(...permutations([...costs.keys()]).map(cost)));
    }),
    { seed: 1 },
  );
});

function permutations(items) {
  if (items.length < 2) return [items];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
