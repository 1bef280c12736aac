/** All boards, their connections and their neighbours, against the definition in `support.ts`. */
import { describe, expect, it } from "vitest";
import { ACTIONS, afterMove, MOVES, PASS } from "../../src/blocks/board.js";
import { boardsByDistance, configurations, countNewFacts, hasFacts } from "../../src/blocks/configurations.js";
import {
  commonFacts,
  factsOf,
  factsOfConstraints,
  inverse,
  listFacts,
  RELATIONS,
} from "../../src/blocks/constraints.js";
import { distancesFrom, drawer, holds, moved, MOVES as ORDER } from "./support.js";

const COUNTS = [3, 12, 60, 288, 1440, 7200];

/** Every constraint on some blocks. */
const allConstraints = (blocks: number) =>
  Array.from({ length: blocks }, (_, a) => a + 1).flatMap((block) =>
    Array.from({ length: blocks }, (_, b) => b + 1)
      .filter((other) => other !== block)
      .flatMap((other) => RELATIONS.map((relation) => ({ block, relation, other }))),
  );

describe("actions", () => {
  it("are the six pairs of columns, then the pass", () => {
    expect(MOVES.map(({ from, to }) => [from, to])).toEqual(ORDER);
    expect([PASS, ACTIONS]).toEqual([6, 7]);
  });

  it("moves the top block; an empty source and a full target make a move invalid", () => {
    const board = [[1, 2, 3], [], [4]];
    expect(afterMove(board, { from: 0, to: 2 })).toEqual([[1, 2], [], [4, 3]]);
    expect(afterMove(board, { from: 1, to: 2 })).toBeUndefined();
    expect(afterMove(board, { from: 2, to: 0 })).toBeUndefined();
    expect(board).toEqual([[1, 2, 3], [], [4]]);
  });
});

describe("configurations", () => {
  it("lists every board once", () => {
    COUNTS.forEach((count, index) => {
      const { boards } = configurations(index + 1);
      expect(boards).toHaveLength(count);
      expect(new Set(boards.map((board) => JSON.stringify(board))).size).toBe(count);
    });
  });

  it("finds the index of each board", () => {
    const { boards, indexOf } = configurations(4);
    expect(boards.map(indexOf)).toEqual(boards.map((_, index) => index));
  });

  it("connects boards by moves as they are defined", () => {
    for (const blocks of [1, 3, 6]) {
      const { boards, neighbours } = configurations(blocks);
      const after = boards.map((_, board) =>
        ORDER.map((_, action) => boards[neighbours[6 * board + action] as number] as unknown),
      );
      expect(after).toEqual(boards.map((board) => ORDER.map((_, action) => moved(board, action))));
    }
  });

  it("counts moves as another search does, from boards of every height", () => {
    for (const blocks of [2, 3, 5, 6]) {
      const space = configurations(blocks);
      const draw = drawer(blocks);
      for (let trial = 0; trial < 3; trial++) {
        const start = draw(space.boards.length);
        const expected = distancesFrom(space.boards[start] as readonly number[][]);
        expect(expected.size).toBe(space.boards.length);
        const levels = boardsByDistance(space, start, 30);
        const found = levels.flatMap((boards, distance) =>
          boards.map((board) => [JSON.stringify(space.boards[board]), distance] as const),
        );
        expect(new Map(found)).toEqual(expected);
        expect(found).toHaveLength(expected.size);
        expect(boardsByDistance(space, start, 2)).toEqual(levels.slice(0, 3));
      }
    }
  });

  it("knows the neighbours on each board as coordinates have them", () => {
    for (const blocks of [2, 3, 6]) {
      const space = configurations(blocks);
      const draw = drawer(7);
      const sampled = Array.from({ length: 60 }, () => draw(space.boards.length));
      for (const board of sampled)
        for (const constraint of allConstraints(blocks)) {
          const facts = factsOfConstraints([constraint]);
          expect(commonFacts(facts, facts)).toBe(1);
          expect(hasFacts(space, board, facts)).toBe(holds(space.boards[board] as readonly number[][], constraint));
        }
    }
  });

  it("counts the neighbours that are new", () => {
    const space = configurations(5);
    const draw = drawer(3);
    for (let trial = 0; trial < 200; trial++) {
      const [start, end] = [draw(1440), draw(1440)];
      const [before, after] = [space.boards[start], space.boards[end]] as (readonly number[][])[];
      const fresh = allConstraints(5).filter(
        (constraint) => holds(after ?? [], constraint) && !holds(before ?? [], constraint),
      );
      // Each pair of neighbours is two constraints, one from either block.
      expect(2 * countNewFacts(space, start, end)).toBe(fresh.length);
    }
  });
});

describe("constraints", () => {
  it("are one fact from either block", () => {
    for (const constraint of allConstraints(6)) {
      const other = inverse(constraint);
      expect(inverse(other)).toEqual(constraint);
      expect(factsOfConstraints([other])).toEqual(factsOfConstraints([constraint]));
      expect(commonFacts(factsOfConstraints([constraint, other]), factsOfConstraints([other]))).toBe(1);
    }
  });

  it("are listed from the bits of a board", () => {
    const listed = listFacts(factsOf([[1, 2], [3], [4, 5]]));
    expect(listed).toEqual([
      { block: 2, relation: "above", other: 1 },
      { block: 5, relation: "above", other: 4 },
      { block: 1, relation: "left of", other: 3 },
      { block: 3, relation: "left of", other: 4 },
    ]);
  });

  it("tells all sixty facts apart", () => {
    const bits = allConstraints(6).map((constraint) => JSON.stringify(factsOfConstraints([constraint])));
    expect(new Set(bits).size).toBe(60);
  });
});
