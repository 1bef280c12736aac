import { assertBoolean, assertKeys, assertNumber, assertPositiveInteger } from "../checks.js";
import type { EpisodeOptions, EpisodeTask } from "../episode-task.js";
import type { SequenceSteps, TaskFacts } from "../facts.js";
import { assertRandom, createRandom, type Random } from "../random.js";
import { type BlockEpisodes, blockEpisodes, type PolicyWeights } from "./block-episodes.js";
import { ACTIONS, MOVES } from "./board.js";
import { sampleProblem } from "./goals.js";
import { assertSizes, type BlockSizes, MINI_SHRDLU_LESSONS } from "./lessons.js";
import { INPUTS, observationLabels } from "./observation.js";
import { type Penalties, SPARE_MOVES } from "./play.js";

const RULES: Penalties & PolicyWeights = { invalidPenalty: 0.1, undoPenalty: 1, lambda: 0.75, entropyWeight: 0.5 };

/** Configuration of Mini-SHRDLU. The sizes default to those of the first lesson. */
export type MiniShrdluConfig = { readonly [Name in keyof BlockSizes]?: BlockSizes[Name] | undefined } & {
  /** Number of episodes in a batch; default: 32. */
  readonly batchSize?: number | undefined;
  /** What an invalid move costs, at least 0; default: 0.1. */
  readonly invalidPenalty?: number | undefined;
  /** What a move costs that undoes a reached goal, at least 0; default: 1. */
  readonly undoPenalty?: number | undefined;
  /** How far rewards reach back beyond the value network's next output, from 0 to 1; default: 0.75. */
  readonly lambda?: number | undefined;
  /** Weight of the entropy of the policy in the loss, at least 0; default: 0.5. */
  readonly entropyWeight?: number | undefined;
};

/** Mini-SHRDLU as a task of episodes that say what happened on the board. */
export type MiniShrdlu = Omit<EpisodeTask, "startEpisodes"> &
  Omit<TaskFacts, "meanCountedSteps"> & {
    /**
     * Starts a batch of episodes, as every `EpisodeTask` does.
     *
     * @param random - Source of every random decision; it advances during this call only.
     * @param options - `batchSize`: number of episodes; default: the task's. `training`: without effect, as actions are always sampled.
     * @returns Episodes before their first time step.
     * @throws As `EpisodeTask.startEpisodes`.
     */
    startEpisodes(random: Random, options?: EpisodeOptions): BlockEpisodes;
  };

/**
 * Creates the block puzzle Mini-SHRDLU: read several goals, each a letter with constraints on neighbouring blocks, then the letter of
 * one; move blocks until its constraints hold.
 *
 *     const task = miniShrdlu(MINI_SHRDLU_LESSONS[0]);
 *     const episodes = task.startEpisodes(createRandom(1));
 *     const inputs = episodes.nextInputs(); // the goals, the go cue and the board before the first move
 *
 * An episode with c constraints in all its goals, of which the chosen one needs m moves:
 *
 *     t = 0 .. c - 1        the constraints, goal by goal: the goal's letter, a block, a relation, the other block
 *     t = c                 the go cue with the letter of the chosen goal
 *     t = c + 1 .. c+m+6    the go cue; the output is the logits of the next action
 *
 * The board, 3 x 3 squares, is in every observation. Actions are sampled from the softmax of the outputs: a move of the top block of one column onto
 * another, or none. The reward is the number of the goal's constraints that hold afterwards, less the penalties. The loss is minus
 * the sum of the rewards, less the weighted entropy of the policy at each action; its gradient is that of a policy gradient, the logarithm of each action's
 * probability weighted by its advantage. A second network learns the value of a time step, the sum of the rewards to come.
 *
 * Source: Graves et al. 2016, "Hybrid computing using a neural network with dynamic external memory", Methods, "Mini-SHRDLU", and Extended Data
 * Tables 2 and 6. It does not state the penalties, nor what is seen besides the go cue while moving: here nothing.
 *
 * Metrics: exact match, the fraction of episodes in which all constraints of the goal hold at the end; `satisfied`, the fraction of these
 * constraints; `minimal`, the fraction of episodes that reach the goal with the smallest number of moves; `reward`, the sum of the rewards.
 * Its decisions are the constraints of the chosen goal.
 *
 * @param config - See `MiniShrdluConfig`; every field has a default.
 * @returns A task with 97 inputs and 7 outputs, whose episodes need a value network.
 * @throws RangeError if a size is out of range, a range is empty, or no goal has such sizes; TypeError if a value is of the wrong kind or a key is unknown.
 */
export function miniShrdlu(config: MiniShrdluConfig = {}): MiniShrdlu {
  const lesson = MINI_SHRDLU_LESSONS[0] as BlockSizes;
  assertKeys("config", config, ["batchSize", ...Object.keys(lesson), ...Object.keys(RULES)]);
  const sizes = withDefaults(lesson, config);
  const rules = withDefaults(RULES, config);
  const { batchSize = 32 } = config;
  assertPositiveInteger("batchSize", batchSize);
  assertSizes(sizes);
  assertRules(rules);
  return {
    name: "mini-shrdlu",
    inputSize: INPUTS,
    targetSize: ACTIONS,
    batchSize,
    valueNetwork: true,
    metrics: ["satisfied", "minimal", "reward"],
    ...factsOf(sizes),
    startEpisodes: (random, options = {}) => {
      assertRandom(random);
      assertKeys("option", options, ["batchSize", "training"]);
      const { batchSize: length = batchSize, training = false } = options;
      assertPositiveInteger("batchSize", length);
      assertBoolean("training", training);
      const problems = Array.from({ length }, () => {
        const own = createRandom(random.integer(0, 2 ** 32 - 1));
        return { problem: sampleProblem(own, sizes), random: own };
      });
      return blockEpisodes(problems, rules);
    },
  };
}

/** Facts about its episodes; how many moves they need on average depends on their goals. */
function factsOf(sizes: BlockSizes): Omit<TaskFacts, "meanCountedSteps"> {
  const { minGoals, maxGoals, minBlocks, maxBlocks, minConstraints, maxConstraints, minDepth, maxDepth } = sizes;
  const counts = [
    `${amount(minGoals, maxGoals, "goal")} of ${amount(minConstraints, maxConstraints, "constraint")}`,
    amount(minBlocks, maxBlocks, "block"),
    amount(minDepth, maxDepth, "move"),
  ];
  const moves = MOVES.map(({ from, to }) => `${from + 1} to ${to + 1}`);
  return {
    description: counts.join(", "),
    channelLabels: () => ({ inputs: observationLabels(), targets: [...moves, "pass"] }),
    phases: phasesOf,
    maxTimeSteps: maxGoals * maxConstraints + 1 + maxDepth + SPARE_MOVES,
  };
}

/** Formats a range of numbers of things, such as "2-3 goals". */
function amount(min: number, max: number, thing: string): string {
  return `${min === max ? min : `${min}-${max}`} ${thing}${max === 1 ? "" : "s"}`;
}

/** Names the phases by the go cue, which is on from the query on. */
function phasesOf({ inputs }: SequenceSteps): readonly string[] {
  const cue = observationLabels().indexOf("go");
  const query = inputs.findIndex((input) => input[cue] === 1);
  return inputs.map((_, step) => {
    if (query < 0 || step < query) return "goals";
    return step === query ? "go" : "moves";
  });
}

function assertRules({ invalidPenalty, undoPenalty, lambda, entropyWeight }: Penalties & PolicyWeights): void {
  for (const [name, value] of Object.entries({ invalidPenalty, undoPenalty, entropyWeight })) {
    assertNumber(name, value, "a number of at least 0");
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`${name}: expected a number of at least 0, got ${value}`);
  }
  assertNumber("lambda", lambda, "a number from 0 to 1");
  if (!(lambda >= 0 && lambda <= 1)) throw new RangeError(`lambda: expected a number from 0 to 1, got ${lambda}`);
}

/** Takes the values of a config, and the default where it has none. */
function withDefaults<Values extends Readonly<Record<string, number>>>(
  defaults: Values,
  config: { readonly [Name in keyof Values]?: Values[Name] | undefined },
): Values {
  const entries = Object.entries(defaults).map(([name, value]) => [
    name,
    config[name] === undefined ? value : config[name],
  ]);
  return Object.fromEntries(entries) as Values;
}
