/** Episodes of Mini-SHRDLU: their loss and its gradient, the contract of their calls, their text, and wrong configurations. */
import { describe, expect, it } from "vitest";
import {
  type BlockEpisode,
  type BlockEpisodes,
  type BlockSizes,
  blockEpisodeBoards,
  blockEpisodeGoals,
  boardText,
  createRandom,
  MINI_SHRDLU_LESSONS,
  type MiniShrdluConfig,
  miniShrdlu,
} from "../../src/index.js";
import { drawer, playAll, sureOf } from "./support.js";

const MIXED: MiniShrdluConfig = { ...MINI_SHRDLU_LESSONS[2], batchSize: 3 };

/** Plays with given outputs, `[time step][episode][action]`, and returns what came of it. */
function play(config: MiniShrdluConfig, outputs: (row: number, action: number) => number, values?: Float32Array) {
  const episodes = miniShrdlu(config).startEpisodes(createRandom(8));
  let rows = 0;
  const mask: number[] = [];
  for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs()) {
    const count = next.timeSteps * episodes.batchSize;
    episodes.respond(Float32Array.from({ length: 7 * count }, (_, at) => outputs(rows + Math.floor(at / 7), at % 7)));
    mask.push(...(next.inputMask as Float32Array));
    rows += count;
  }
  return { episodes, rows, mask, ...episodes.results(values) };
}

describe("the loss of episodes", () => {
  const draw = drawer(1);
  const table = Array.from({ length: 7 * 100 }, () => (draw(2001) - 1000) / 500);
  const logit = (row: number, action: number) => table[7 * row + action] as number;
  const { rows, mask, gradients, valueTargets, episodes } = play(MIXED, logit);
  const values = Float32Array.from({ length: rows }, () => draw(100) / 25);
  const valued = play(MIXED, logit, values);

  /** Minus the logarithms of the actions' probabilities, weighted by advantages from their definition, and the entropy. */
  const surrogate = (given: Float32Array | undefined, output: typeof logit) => {
    let total = 0;
    episodes.episodes().forEach(({ turns }, index) => {
      const own = [...mask.keys()].filter((row) => row % 3 === index && mask[row] === 1).slice(-turns.length);
      const expected = own.map((row) => given?.[row] ?? 0);
      const deltas = turns.map(({ reward }, t) => reward + (expected[t + 1] ?? 0) - (expected[t] as number));
      turns.forEach(({ action }, t) => {
        const advantage = deltas.slice(t).reduce((sum, delta, later) => sum + 0.75 ** later * delta, 0);
        const logits = Array.from({ length: 7 }, (_, each) => output(own[t] as number, each));
        const sum = logits.reduce((before, each) => before + Math.exp(each), 0);
        const logs = logits.map((each) => each - Math.log(sum));
        const entropy = -logs.reduce((before, log) => before + Math.exp(log) * log, 0);
        total += -advantage * (logs[action] as number) - 0.5 * entropy;
      });
    });
    return total;
  };

  it("has the gradient of central differences, with and without values", () => {
    for (const [given, found] of [
      [undefined, gradients],
      [values, valued.gradients],
    ] as const)
      for (let at = 0; at < 7 * rows; at++) {
        const lossAt = (step: number) =>
          surrogate(given, (row, action) => logit(row, action) + (7 * row + action === at ? step : 0));
        expect(found[at]).toBeCloseTo((lossAt(2 ** -12) - lossAt(-(2 ** -12))) / 2 ** -11, 4);
      }
  });

  it("is minus the rewards, less the entropy", () => {
    const uniform = play(MIXED, () => 0.5);
    uniform.episodes.episodes().forEach(({ turns }, index) => {
      const rewards = turns.reduce((sum, { reward }) => sum + reward, 0);
      expect(uniform.losses[index]).toBeCloseTo(-rewards - 0.5 * turns.length * Math.log(7), 9);
    });
  });

  it("does not depend on outputs before the first action, nor after the last", () => {
    episodes.episodes().forEach(({ goals, length }, index) => {
      const own = mask.filter((_, row) => row % 3 === index);
      const first = own.lastIndexOf(1) - length + 1;
      expect(own.filter((run) => run === 1)).toHaveLength(
        goals.reduce((sum, { constraints }) => sum + constraints.length, 0) + 1 + length,
      );
      own.forEach((run, step) => {
        const row = 3 * step + index;
        const isAction = run === 1 && step >= first;
        expect(gradients.subarray(7 * row, 7 * row + 7).some((slope) => slope !== 0)).toBe(isAction);
        expect(valueTargets?.mask[row]).toBe(isAction ? 1 : 0);
      });
    });
  });

  it("asks the value network for the rewards to come", () => {
    episodes.episodes().forEach(({ turns }, index) => {
      const own = [...(valueTargets?.targets ?? [])].filter((_, row) => row % 3 === index && valueTargets?.mask[row]);
      const toCome = turns.map((_, at) => turns.slice(at).reduce((sum, { reward }) => sum + reward, 0));
      own.forEach((target, at) => {
        expect(target).toBeCloseTo(toCome[at] as number, 5);
      });
      expect(own).toHaveLength(turns.length);
    });
  });

  it("has a gradient only where the next reward is not 0, if lambda is 0", () => {
    const greedy = play({ ...MIXED, lambda: 0, entropyWeight: 0, invalidPenalty: 0, undoPenalty: 0 }, logit);
    greedy.episodes.episodes().forEach(({ turns, length }, index) => {
      const own = Array.from(greedy.mask.keys()).filter((row) => row % 3 === index && greedy.mask[row] === 1);
      own.slice(-length).forEach((row, at) => {
        const slopes = greedy.gradients.subarray(7 * row, 7 * row + 7);
        expect(slopes.some((slope) => slope !== 0)).toBe((turns[at]?.satisfied ?? 0) > 0);
      });
    });
  });
});

describe("the calls of episodes", () => {
  const started = () => miniShrdlu(MIXED).startEpisodes(createRandom(1));

  it("are refused out of turn, and with outputs or values of another size", () => {
    const episodes = started();
    expect(() => episodes.respond(new Float32Array(21))).toThrow("episodes: expected inputs to respond to, got none");
    const steps = episodes.nextInputs()?.timeSteps;
    expect(() => episodes.nextInputs()).toThrow("episodes: expected a response to the last inputs before the next");
    expect(() => episodes.respond(new Float32Array(20))).toThrow(`outputs: expected [${steps}, 3, 7]`);
    expect(() => episodes.results()).toThrow("episodes: expected all to have ended");
    const ended = started();
    playAll(ended, () => sureOf(6));
    expect(ended.nextInputs()).toBeUndefined();
    expect(() => ended.results(new Float32Array(5))).toThrow(/^values: expected \[\d+, 3, 1\]/);
  });

  it("pass where outputs are NaN, and report a loss that is NaN", () => {
    const { episodes, losses } = play(MIXED, () => Number.NaN);
    expect(episodes.episodes().every(({ turns }) => turns.every(({ action }) => action === 6))).toBe(true);
    expect(losses.every(Number.isNaN)).toBe(true);
  });
});

describe("the text of episodes", () => {
  it("shows goals, boards, actions and what holds", () => {
    const draw = drawer(4);
    const episodes: BlockEpisodes = miniShrdlu({ batchSize: 2 }).startEpisodes(createRandom(2));
    playAll(episodes, () => sureOf(draw(7)));
    expect(episodes.render().split("\n")).toEqual([
      "",
      "Y: 3 above 1  <- go; 1 move needed",
      "P: 3 below 2",
      "",
      ". . .     . . .     . . .     . . .     . . .     . . .     2 . .     2 . .",
      ". . .     1 . .     1 . .     1 . .     1 . .     1 . .     1 . .     1 . .",
      "3 1 2     3 . 2     3 . 2     3 2 .     3 2 .     3 2 .     3 . .     3 . .",
      "start     2>1 0/1   2>1! 0/1  3>2 0/1   3>1! 0/1  3>1! 0/1  2>1 0/1   2>3! 0/1",
    ]);
    expect(episodes.render({ wholeBatch: true }).split("\n\n\n\n")).toHaveLength(2);
    expect(() => episodes.render({ wholeBatch: 1 as unknown as boolean })).toThrow(
      "wholeBatch: expected true or false",
    );
  });

  it("is also there in parts: lines of goals, and boards with captions", () => {
    const episodes = miniShrdlu({ batchSize: 1 }).startEpisodes(createRandom(2));
    const draw = drawer(4);
    playAll(episodes, () => sureOf(draw(7)));
    const [episode] = episodes.episodes() as [BlockEpisode];
    expect(blockEpisodeGoals(episode)).toEqual(["Y: 3 above 1  <- go; 1 move needed", "P: 3 below 2"]);
    const boards = blockEpisodeBoards(episode);
    expect(boards[0]).toEqual({ board: [[3], [1], [2]], caption: "start" });
    expect(boards[1]).toEqual({ board: [[3, 1], [], [2]], caption: "2>1 0/1" });
    expect(boards.map(({ board }) => board)).toEqual([episode.start, ...episode.turns.map(({ board }) => board)]);
  });

  it("of a board has its columns from the bottom", () => {
    expect(boardText([[1, 2], [], [3]])).toBe(". . .\n2 . .\n1 . 3");
  });
});

describe("wrong configurations", () => {
  const last = MINI_SHRDLU_LESSONS[25] as BlockSizes;

  it.each<[MiniShrdluConfig, string]>([
    [{ minGoals: 3 }, "minGoals: expected at most maxGoals (2), got 3"],
    [{ minGoals: null } as unknown as MiniShrdluConfig, "minGoals: expected a positive integer, got null"],
    [{ lambda: null } as unknown as MiniShrdluConfig, "lambda: expected a number from 0 to 1, got null"],
    [{ maxGoals: 27 }, "maxGoals: expected at most 26, the number of letters, got 27"],
    [{ maxBlocks: 7 }, "maxBlocks: expected at most 6, got 7"],
    [{ minBlocks: 1 }, "minBlocks: expected at least 2, got 1"],
    [{ maxConstraints: 3 }, "maxConstraints: expected at most 2 with 3 blocks and depth 1 to 1, got 3"],
    [{ ...last, maxConstraints: 9 }, "maxConstraints: expected at most 7 with 6 blocks and depth 1 to 7, got 9"],
    [{ maxDepth: 8 }, "maxDepth: expected less than 8 with 3 blocks, got 8"],
    [{ maxDepth: 1e9 }, "maxDepth: expected at most 19, got 1000000000"],
    [{ minDepth: 0 }, "minDepth: expected a positive integer, got 0"],
    [{ lambda: 1.5 }, "lambda: expected a number from 0 to 1, got 1.5"],
    [{ entropyWeight: Number.NaN }, "entropyWeight: expected a number of at least 0, got NaN"],
    [{ undoPenalty: -1 }, "undoPenalty: expected a number of at least 0, got -1"],
    [{ batchSize: 0 }, "batchSize: expected a positive integer, got 0"],
    [{ goals: 2 } as MiniShrdluConfig, 'unknown config key "goals"'],
    [
      { invalidPenalty: "1" } as unknown as MiniShrdluConfig,
      'invalidPenalty: expected a number of at least 0, got "1"',
    ],
  ])("%o are refused", (config, message) => {
    expect(() => miniShrdlu(config)).toThrow(message);
  });

  it("is what an unknown option is, or no generator", () => {
    const task = miniShrdlu();
    expect(() => task.startEpisodes({} as never)).toThrow("random: expected a generator");
    expect(() => task.startEpisodes(createRandom(1), { batchSize: 0 })).toThrow(
      "batchSize: expected a positive integer",
    );
    expect(() => task.startEpisodes(createRandom(1), { train: true } as never)).toThrow('unknown option key "train"');
  });
});
