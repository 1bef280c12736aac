import { assertBoolean, assertFloatsOfShape, assertKeys } from "../checks.js";
import type { EpisodeInputs, EpisodeResults, Episodes } from "../episodes.js";
import type { Random } from "../random.js";
import type { RenderOptions } from "../task.js";
import { ACTIONS, PASS } from "./board.js";
import { type BlockProblem, chosenGoal } from "./goals.js";
import { INPUTS, writeObservation } from "./observation.js";
import { type BlockEpisode, BlockPlay, type Penalties } from "./play.js";
import { advantages, logProbabilities, policyLoss, rewardsToCome } from "./policy-gradient.js";
import { episodeText } from "./text.js";

/** Weights of the learning rule. */
export type PolicyWeights = {
  /** How far rewards reach back beyond the value network's next output, from 0 to 1. */
  readonly lambda: number;
  /** Weight of the entropy of the policy. */
  readonly entropyWeight: number;
};

/** A batch of episodes of Mini-SHRDLU under way. */
export type BlockEpisodes = Episodes & {
  /**
   * Returns the episodes as far as they have come, for those who draw or examine them.
   *
   * @returns One for each episode of the batch.
   */
  episodes(): readonly BlockEpisode[];
};

/** An episode with its own generator, and the outputs at each of its actions. */
type Player = { readonly play: BlockPlay; readonly random: Random; readonly logits: Float32Array[] };

/**
 * Plays episodes. The presentations of a batch end together, so that all begin to move at the same time step; the first time steps of
 * shorter ones are not run, nor are those after an episode's last action.
 *
 * @param problems - What each begins with, and the generator that samples its actions.
 * @param rules - Penalties, and weights of the loss.
 */
export function blockEpisodes(
  problems: readonly { readonly problem: BlockProblem; readonly random: Random }[],
  rules: Penalties & PolicyWeights,
): BlockEpisodes {
  const batchSize = problems.length;
  const players: readonly Player[] = problems.map(({ problem, random }) => ({
    play: new BlockPlay(problem, rules),
    random,
    logits: [],
  }));
  const presented = Math.max(...problems.map(({ problem }) => presentationLength(problem)));
  /** Time steps of the inputs that have had no response; 0 if there are none. */
  let open = 0;
  let taken = 0;
  return {
    batchSize,
    nextInputs: () => {
      if (open > 0) throw new Error("episodes: expected a response to the last inputs before the next");
      if (players.every(({ play }) => play.hasEnded)) return undefined;
      const inputs = taken === 0 ? presentation(players, presented) : observations(players);
      open = inputs.timeSteps;
      return inputs;
    },
    respond: (outputs) => {
      if (open === 0) throw new Error("episodes: expected inputs to respond to, got none");
      assertFloatsOfShape("outputs", outputs, [open, batchSize, ACTIONS]);
      const last = (open - 1) * batchSize;
      players.forEach((player, index) => {
        if (player.play.hasEnded) return;
        const row = last + index;
        const logits = outputs.slice(row * ACTIONS, (row + 1) * ACTIONS);
        player.logits.push(logits);
        player.play.act(sampleAction(player.random, logits));
      });
      taken += open;
      open = 0;
    },
    results: (values) => resultsOf(players, { presented, timeSteps: taken, values, ...rules }),
    episodes: () => players.map(({ play }) => play.episode()),
    render: (options: RenderOptions = {}) => {
      assertKeys("option", options, ["wholeBatch"]);
      const { wholeBatch = false } = options;
      assertBoolean("wholeBatch", wholeBatch);
      const shown = wholeBatch ? players : players.slice(0, 1);
      return `\n${shown.map(({ play }) => episodeText(play.episode())).join("\n\n\n\n")}`;
    },
  };
}

/** Number of time steps before the first action: one for each constraint, and the go cue. */
export function presentationLength({ goals }: BlockProblem): number {
  return goals.reduce((sum, { constraints }) => sum + constraints.length, 0) + 1;
}

/** The inputs of the presentation and of the first action. */
function presentation(players: readonly Player[], presented: number): EpisodeInputs {
  const timeSteps = presented + 1;
  const batchSize = players.length;
  const inputs = new Float32Array(timeSteps * batchSize * INPUTS);
  const inputMask = new Float32Array(timeSteps * batchSize);
  players.forEach(({ play: { problem, board } }, index) => {
    const signals = [
      ...problem.goals.flatMap(({ letter, constraints }) => constraints.map((constraint) => ({ letter, constraint }))),
      { letter: chosenGoal(problem).letter, cue: true },
      { cue: true },
    ];
    const first = timeSteps - signals.length;
    signals.forEach((each, at) => {
      const row = (first + at) * batchSize + index;
      inputMask[row] = 1;
      writeObservation(inputs, row * INPUTS, board, each);
    });
  });
  return { timeSteps, inputs, inputMask };
}

/** The inputs of the next action. */
function observations(players: readonly Player[]): EpisodeInputs {
  const inputs = new Float32Array(players.length * INPUTS);
  const inputMask = new Float32Array(players.length);
  players.forEach(({ play }, index) => {
    if (play.hasEnded) return;
    inputMask[index] = 1;
    writeObservation(inputs, index * INPUTS, play.board, { cue: true });
  });
  return { timeSteps: 1, inputs, inputMask };
}

/** Samples an action from the softmax of the outputs. Where they are no numbers it passes. */
function sampleAction(random: Random, logits: Float32Array): number {
  let rest = random.integer(0, 2 ** 32 - 1) / 2 ** 32;
  const found = logProbabilities(logits).findIndex((log) => {
    rest -= Math.exp(log);
    return rest < 0;
  });
  return found < 0 ? PASS : found;
}

/** What is known when all episodes have ended. */
type Ended = PolicyWeights & {
  readonly presented: number;
  readonly timeSteps: number;
  readonly values: Float32Array | undefined;
};

function resultsOf(players: readonly Player[], { presented, timeSteps, values, ...weights }: Ended): EpisodeResults {
  if (!players.every(({ play }) => play.hasEnded)) throw new Error("episodes: expected all to have ended");
  const batchSize = players.length;
  if (values !== undefined) assertFloatsOfShape("values", values, [timeSteps, batchSize, 1]);
  const losses = new Float64Array(batchSize);
  const gradients = new Float32Array(timeSteps * batchSize * ACTIONS);
  const valueTargets = new Float32Array(timeSteps * batchSize);
  const valueMask = new Float32Array(timeSteps * batchSize);
  players.forEach(({ play: { turns }, logits }, index) => {
    const rowOf = (turn: number) => (presented + turn) * batchSize + index;
    const rewards = turns.map(({ reward }) => reward);
    const expected = turns.map((_, turn) => values?.[rowOf(turn)] ?? 0);
    const better = advantages(rewards, expected, weights.lambda);
    const toCome = rewardsToCome(rewards);
    turns.forEach(({ action, reward }, turn) => {
      const row = rowOf(turn);
      const valued = { action, advantage: better[turn] as number, entropyWeight: weights.entropyWeight };
      const { gradient, entropy } = policyLoss(logits[turn] as Float32Array, valued);
      losses[index] = (losses[index] as number) - reward - weights.entropyWeight * entropy;
      gradients.set(gradient, row * ACTIONS);
      valueTargets[row] = toCome[turn] as number;
      valueMask[row] = 1;
    });
  });
  return { losses, gradients, valueTargets: { targets: valueTargets, mask: valueMask }, ...scores(players) };
}

/** Judges the constraints of the chosen goals at the end. */
function scores(
  players: readonly Player[],
): Pick<EpisodeResults, "decisions" | "wrongDecisions" | "exactMatch" | "metrics"> {
  const plays = players.map(({ play }) => play);
  const counts = plays.map(({ problem }) => chosenGoal(problem).constraints.length);
  return {
    decisions: Uint32Array.from(counts),
    wrongDecisions: Uint32Array.from(plays, ({ satisfied }, index) => (counts[index] as number) - satisfied),
    exactMatch: Uint8Array.from(plays, ({ satisfiedFraction }) => (satisfiedFraction === 1 ? 1 : 0)),
    metrics: {
      satisfied: Float64Array.from(plays, ({ satisfiedFraction }) => satisfiedFraction),
      minimal: Float64Array.from(plays, ({ movesToGoal, problem }) =>
        movesToGoal === chosenGoal(problem).moves ? 1 : 0,
      ),
      reward: Float64Array.from(plays, ({ turns }) => turns.reduce((sum, { reward }) => sum + reward, 0)),
    },
  };
}
