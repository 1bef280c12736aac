/** Mini-SHRDLU as a task: what the network sees, is read back; what its actions do and earn, is computed again. */
import { describe, expect, it } from "vitest";
import {
  type BlockConstraint,
  type BlockEpisodes,
  type BlockSizes,
  createRandom,
  MINI_SHRDLU_LESSONS,
  type MiniShrdluConfig,
  miniShrdlu,
} from "../../src/index.js";
import { type Columns, drawer, holds, moved, playAll, search, sureOf } from "./support.js";

const lesson = (number: number) => MINI_SHRDLU_LESSONS[number - 1] as BlockSizes;
const SIZES = { ...lesson(26), minGoals: 2, maxGoals: 4, minBlocks: 4, maxConstraints: 3, maxDepth: 3 };
const RELATIONS = ["above", "below", "left of", "right of"] as const;

const start = (config: MiniShrdluConfig, seed: number) => miniShrdlu(config).startEpisodes(createRandom(seed));
const random = (seed: number) => {
  const draw = drawer(seed);
  return () => sureOf(draw(7));
};

/** Reads a number from channels with at most one 1; undefined if all are 0. */
function oneOf(values: readonly number[], from: number, count: number): number | undefined {
  const own = values.slice(from, from + count);
  const at = own.indexOf(1);
  expect(own.filter((value) => value !== 0)).toEqual(at < 0 ? [] : [1]);
  return at < 0 ? undefined : at;
}

/** Reads an observation of 97 channels. */
function read(values: readonly number[]) {
  expect(values).toHaveLength(97);
  const letter = oneOf(values, 0, 26);
  const [block, relation, other] = [oneOf(values, 26, 6), oneOf(values, 32, 4), oneOf(values, 36, 6)];
  const board = [0, 1, 2].map((x) =>
    [0, 1, 2].flatMap((row) => {
      const found = oneOf(values, 43 + 6 * (3 * row + x), 6);
      return found === undefined ? [] : [found + 1];
    }),
  );
  const constraint: BlockConstraint | undefined =
    block === undefined || relation === undefined || other === undefined
      ? undefined
      : { block: block + 1, relation: RELATIONS[relation] as BlockConstraint["relation"], other: other + 1 };
  const name = letter === undefined ? undefined : String.fromCharCode(65 + letter);
  return { letter: name, constraint, cue: values[42], board };
}

/** Plays to the end and returns what each episode saw in the time steps that were run. */
function observations(episodes: BlockEpisodes, player: Parameters<typeof playAll>[1]) {
  const seen = Array.from({ length: episodes.batchSize }, () => [] as ReturnType<typeof read>[]);
  const watched: BlockEpisodes = {
    ...episodes,
    nextInputs: () => {
      const next = episodes.nextInputs();
      for (let row = 0; next !== undefined && row < next.timeSteps * episodes.batchSize; row++) {
        const values = [...next.inputs.subarray(97 * row, 97 * row + 97)];
        if (next.inputMask?.[row] === 1) seen[row % episodes.batchSize]?.push(read(values));
        else expect(values.every((value) => value === 0)).toBe(true);
      }
      return next;
    },
  };
  playAll(watched, player);
  return seen;
}

describe("what the network sees", () => {
  it("are the constraints of each goal, the letter of one with the go cue, then the board alone", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const episodes = start({ ...SIZES, batchSize: 8 }, seed);
      const seen = observations(episodes, random(seed));
      episodes.episodes().forEach(({ start: first, goals, chosen, length, turns }, index) => {
        const boards = [first, ...turns.map(({ board }) => board)];
        const shown = goals.flatMap(({ letter, constraints }) =>
          constraints.map((constraint) => ({ letter, constraint, cue: 0, board: first })),
        );
        const blank = { letter: undefined, constraint: undefined, cue: 1 };
        const query = { ...blank, letter: goals[chosen]?.letter, board: first };
        const moves = boards.slice(0, -1).map((board) => ({ ...blank, board }));
        expect(moves).toHaveLength(length);
        expect(seen[index]).toEqual([...shown, query, ...moves]);
      });
    }
  });

  it("has names for 97 channels and 7 actions", () => {
    const { inputSize, targetSize, channelLabels, maxTimeSteps, description, valueNetwork } = miniShrdlu();
    expect([inputSize, targetSize, valueNetwork]).toEqual([97, 7, true]);
    const labels = channelLabels();
    expect(labels.targets).toEqual(["1 to 2", "1 to 3", "2 to 1", "2 to 3", "3 to 1", "3 to 2", "pass"]);
    expect(labels.inputs).toHaveLength(97);
    expect([25, 26, 32, 36, 42, 43, 96].map((channel) => labels.inputs[channel])).toEqual([
      "goal Z",
      "first block 1",
      "above",
      "second block 1",
      "go",
      "bottom left: 1",
      "top right: 6",
    ]);
    expect(maxTimeSteps).toBe(10);
    expect(description).toBe("2 goals of 1 constraint, 3 blocks, 1 move");
    expect(miniShrdlu(lesson(26)).maxTimeSteps).toBe(74);
  });

  it("is the same for a seed, whatever the size of the batch, and differs between seeds", () => {
    const whole = observations(start({ ...SIZES, batchSize: 6 }, 1), () => sureOf(3));
    const task = miniShrdlu(SIZES);
    const generator = createRandom(1);
    const parts = [2, 4].flatMap((batchSize) =>
      observations(task.startEpisodes(generator, { batchSize, training: true }), () => sureOf(3)),
    );
    expect(parts).toEqual(whole);
    expect(observations(start({ ...SIZES, batchSize: 6 }, 2), () => sureOf(3))).not.toEqual(whole);
  });
});

describe("actions", () => {
  it("move blocks as they are defined, and earn what holds afterwards less the penalties", () => {
    let [invalid, undone, partly] = [0, 0, 0];
    for (let seed = 1; seed <= 20; seed++) {
      const episodes = start({ ...SIZES, batchSize: 16, invalidPenalty: 0.25, undoPenalty: 0.5 }, seed);
      playAll(episodes, random(seed));
      const { metrics, exactMatch } = episodes.results();
      episodes.episodes().forEach(({ start: first, goals, chosen, turns, length }, index) => {
        const goal = goals[chosen]?.constraints ?? [];
        expect(turns).toHaveLength(length);
        expect(length).toBe((goals[chosen]?.moves ?? 0) + 6);
        let board: Columns = first;
        let total = 0;
        for (const turn of turns) {
          const before = goal.filter((constraint) => holds(board, constraint)).length;
          const next = moved(board, turn.action);
          board = next ?? board;
          const after = goal.filter((constraint) => holds(board, constraint)).length;
          const isUndone = before === goal.length && after < goal.length;
          const reward = after - (next ? 0 : 0.25) - (isUndone ? 0.5 : 0);
          expect(turn).toEqual({ action: turn.action, invalid: next === undefined, board, satisfied: after, reward });
          total += reward;
          invalid += next ? 0 : 1;
          undone += isUndone ? 1 : 0;
        }
        expect(metrics?.reward?.[index]).toBeCloseTo(total, 9);
        const atEnd = goal.filter((constraint) => holds(board, constraint)).length;
        expect(metrics?.satisfied?.[index]).toBe(atEnd / goal.length);
        expect(exactMatch[index]).toBe(atEnd === goal.length ? 1 : 0);
        if (atEnd > 0 && atEnd < goal.length) partly++;
      });
    }
    expect(Math.min(invalid, undone, partly)).toBeGreaterThan(20);
  });

  it("of a player that searches reach every goal with the smallest number of moves, and stay there", () => {
    const episodes = start({ ...SIZES, batchSize: 100 }, 3);
    playAll(episodes, ({ start: first, goals, chosen, turns }) =>
      sureOf(search(turns.at(-1)?.board ?? first, goals[chosen]?.constraints ?? [], 4)?.action ?? -1),
    );
    const { exactMatch, metrics, wrongDecisions, decisions } = episodes.results();
    episodes.episodes().forEach(({ goals, chosen, turns }, index) => {
      const { moves, constraints } = goals[chosen] as (typeof goals)[number];
      expect(turns.findIndex(({ satisfied }) => satisfied === constraints.length) + 1).toBe(moves);
      expect(metrics?.reward?.[index]).toBeGreaterThanOrEqual(7 * constraints.length);
      expect(decisions[index]).toBe(constraints.length);
    });
    expect([...exactMatch, ...(metrics?.satisfied ?? []), ...(metrics?.minimal ?? [])].every((one) => one === 1)).toBe(
      true,
    );
    expect(wrongDecisions.every((wrong) => wrong === 0)).toBe(true);
  });

  it("at random leave about a fifth of the constraints of the first lesson satisfied", () => {
    const episodes = start({ batchSize: 3000 }, 5);
    playAll(episodes, () => new Array(7).fill(0));
    const { metrics, exactMatch } = episodes.results();
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    expect(Object.keys(metrics ?? {})).toEqual(miniShrdlu().metrics);
    expect(mean(metrics?.satisfied ?? [])).toBeGreaterThan(0.18);
    expect(mean(metrics?.satisfied ?? [])).toBeLessThan(0.25);
    expect(mean(exactMatch)).toBe(mean(metrics?.satisfied ?? []));
  });

  it("are sampled from the softmax of the outputs", () => {
    const logits = [0, 1, -1, 2, 0.5, -20, 1];
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const episodes = start({ batchSize: 3000 }, 6);
    playAll(episodes, () => logits);
    const actions = episodes.episodes().flatMap(({ turns }) => turns.map(({ action }) => action));
    logits.forEach((logit, action) => {
      const share = actions.filter((each) => each === action).length / actions.length;
      expect(Math.abs(share - Math.exp(logit) / total)).toBeLessThan(0.01);
    });
  });
});
