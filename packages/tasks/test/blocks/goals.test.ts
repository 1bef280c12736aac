/** Goals against their definition: by full search over all boards, with the distances of `support.ts`. */
import { describe, expect, it } from "vitest";
import { sampleProblem } from "../../src/blocks/goals.js";
import { type BlockSizes, createRandom, MINI_SHRDLU_LESSONS, miniShrdlu } from "../../src/index.js";
import { distancesFrom, holds, search } from "./support.js";

const lesson = (number: number) => MINI_SHRDLU_LESSONS[number - 1] as BlockSizes;
const SIZES: BlockSizes = { ...lesson(26), minGoals: 3, maxGoals: 5, minBlocks: 4, maxConstraints: 3, maxDepth: 4 };

describe("goals", () => {
  it.each([
    [1, 40],
    [3, 30],
    [8, 3],
    [25, 1],
    [26, 2],
  ])("of lesson %d hold on a board at their depth, and on none nearer than their moves", (number, count) => {
    const sizes = lesson(number);
    const random = createRandom(number);
    for (let trial = 0; trial < count; trial++) {
      const { start, goals, blocks } = sampleProblem(random, sizes);
      expect(start.flat().sort()).toEqual(Array.from({ length: blocks }, (_, block) => block + 1));
      const boards = [...distancesFrom(start)].map(([text, distance]) => ({ board: JSON.parse(text), distance }));
      for (const { constraints, depth, moves } of goals) {
        const fulfilled = boards.filter(({ board }) => constraints.every((constraint) => holds(board, constraint)));
        expect(Math.min(...fulfilled.map(({ distance }) => distance))).toBe(moves);
        expect(fulfilled.some(({ distance }) => distance === depth)).toBe(true);
        expect(moves).toBeGreaterThan(0);
        expect(constraints.some((constraint) => holds(start, constraint))).toBe(false);
        expect(depth).toBeGreaterThanOrEqual(sizes.minDepth);
        expect(depth).toBeLessThanOrEqual(sizes.maxDepth);
      }
    }
  });

  it("need the moves that iterative deepening finds", () => {
    const random = createRandom(2);
    for (let trial = 0; trial < 8; trial++) {
      const { start, goals } = sampleProblem(random, SIZES);
      for (const { constraints, moves } of goals) expect(search(start, constraints, 4)?.moves).toBe(moves);
    }
  });

  it("have sizes in their ranges, different letters, and no constraint twice, not even from the other block", () => {
    const random = createRandom(3);
    for (let trial = 0; trial < 300; trial++) {
      const { blocks, goals, chosen } = sampleProblem(random, SIZES);
      expect(blocks >= 4 && blocks <= 6 && goals.length >= 3 && goals.length <= 5).toBe(true);
      expect(goals[chosen]).toBeDefined();
      expect(new Set(goals.map(({ letter }) => letter)).size).toBe(goals.length);
      for (const { letter, constraints } of goals) {
        expect(letter).toMatch(/^[A-Z]$/);
        expect(constraints.length >= 1 && constraints.length <= 3).toBe(true);
        const pairs = constraints.map(({ block, other }) => [block, other].sort().join());
        expect(new Set(pairs).size).toBe(constraints.length);
      }
    }
  });

  it("say relations from either block, choose each goal and start on each board", () => {
    const random = createRandom(4);
    const count = 6000;
    const problems = Array.from({ length: count }, () => sampleProblem(random, lesson(1)));
    const relations = problems.flatMap(({ goals }) => goals.flatMap(({ constraints }) => constraints));
    const share = (relation: string) =>
      relations.filter((each) => each.relation === relation).length / relations.length;
    expect(Math.abs(share("above") - share("below"))).toBeLessThan(0.025);
    expect(Math.abs(share("left of") - share("right of"))).toBeLessThan(0.025);
    expect(Math.abs(problems.filter(({ chosen }) => chosen === 0).length / count - 0.5)).toBeLessThan(0.02);
    // 60 boards of three blocks; those in one outer column, or in all three, can stand at the start as well: each allows a goal.
    const starts = new Set(problems.map(({ start }) => JSON.stringify(start)));
    expect(starts.size).toBe(60);
  });

  it("put blocks on columns at random: three blocks stand in one column once in nine times", () => {
    const random = createRandom(5);
    const towers = Array.from({ length: 4000 }, () => sampleProblem(random, lesson(1)).start).filter((start) =>
      start.some(({ length }) => length === 3),
    );
    expect(Math.abs(towers.length / 4000 - 1 / 9)).toBeLessThan(0.02);
  });
});

describe("lessons", () => {
  it("are 26, each with goals of its sizes", () => {
    expect(MINI_SHRDLU_LESSONS).toHaveLength(26);
    for (const sizes of MINI_SHRDLU_LESSONS) expect(() => miniShrdlu(sizes)).not.toThrow();
    expect(lesson(1)).toEqual({
      ...{ minGoals: 2, maxGoals: 2, minBlocks: 3, maxBlocks: 3 },
      ...{ minConstraints: 1, maxConstraints: 1, minDepth: 1, maxDepth: 1 },
    });
    expect(lesson(7)).toMatchObject({ minGoals: 5, maxBlocks: 6, minConstraints: 2, maxConstraints: 3, maxDepth: 3 });
    expect(lesson(26)).toMatchObject({ minGoals: 10, minConstraints: 1, maxConstraints: 6, minDepth: 1, maxDepth: 7 });
  });

  it("become harder: no greatest size is below that of the lesson before", () => {
    for (const name of ["maxGoals", "maxBlocks", "maxConstraints", "maxDepth"] as const) {
      const sizes = MINI_SHRDLU_LESSONS.map((each) => each[name]);
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    }
  });
});
