import { expect, it } from "vitest";
import { memoryUse } from "../../src/index.js";

const STEPS = 2;

/** A quantity of two sequences, of which the second has the numbers; those of the first are 0. */
function second(dimensions: readonly number[], steps: readonly (readonly number[])[]) {
  const data = steps.flatMap((values) => [...values.map(() => 0), ...values]);
  return { shape: [STEPS, 2, ...dimensions], data };
}

/** Two write heads, one read head and three slots. */
const trace = {
  quantities: {
    writeWeights: second(
      [2, 3],
      [
        [0, 0.9, 0.05, 0, 0, 0.4],
        [0, 0, 0, 0.2, 0, 0],
      ],
    ),
    readWeights: second(
      [1, 3],
      [
        [0, 0.6, 0.3],
        [0.09, 0, 1.2],
      ],
    ),
    usage: second(
      [3],
      [
        [0, 0.9, 0.5],
        [0.2, 0.85, 0.1],
      ],
    ),
    // Backward and forward along the links of each write head, then by content.
    readMode: second(
      [1, 5],
      [
        [0.1, 0.3, 0.3, 0.2, 0.1],
        [0, 0, 0, 0, 1],
      ],
    ),
    backwardWeights: second(
      [1, 2, 3],
      [
        [0, 0.1, 0, 0, 0.2, 0.9],
        [0, 0, 0, 0, 0, 0],
      ],
    ),
    forwardWeights: second(
      [1, 2, 3],
      [
        [0, 0.8, 0.1, 0, 0.1, 0.5],
        [0, 0, 0, 0, 0, 0],
      ],
    ),
    readContentWeights: second(
      [1, 3],
      [
        [0, 1, 0],
        [0, 0, 1],
      ],
    ),
  },
};

it("lists what each head does, by which mode and whose links, and what is freed", () => {
  expect(memoryUse(trace, { element: 1 })).toEqual({
    timeSteps: 2,
    total: 3,
    order: [1, 2, 0],
    heads: [
      { kind: "write", head: 0, events: [{ step: 0, slot: 1, amount: expect.closeTo(0.9) }] },
      {
        ...{ kind: "write", head: 1 },
        events: [
          { step: 0, slot: 2, amount: expect.closeTo(0.4) },
          { step: 1, slot: 0, amount: expect.closeTo(0.2) },
        ],
      },
      {
        ...{ kind: "read", head: 0 },
        events: [
          { step: 0, slot: 1, amount: expect.closeTo(0.6), mode: "forward", writeHead: 0 },
          { step: 0, slot: 2, amount: expect.closeTo(0.3), mode: "backward", writeHead: 1 },
          { step: 1, slot: 2, amount: 1, mode: "content" },
        ],
      },
    ],
    freed: [{ step: 1, slot: 2, amount: expect.closeTo(0.4) }],
  });
});

it("is that of the first sequence by default", () => {
  const { order, heads, freed } = memoryUse(trace);
  expect([order, heads.flatMap(({ events }) => events), freed]).toEqual([[0, 1, 2], [], []]);
});

it("refuses a sequence that is not in the batch", () => {
  expect(() => memoryUse(trace, { element: 2 })).toThrow("element: expected");
});
