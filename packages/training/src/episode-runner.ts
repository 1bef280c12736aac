import type { NestedState, RecurrentCell } from "@dnc/core";
import type { TrainStepResult } from "@dnc/core/engine";
import type { Batch, EpisodeResults } from "@dnc/tasks";
import { rollOut } from "./roll-out.js";
import type { StepRunner, ValueRunner } from "./step-runner.js";

/**
 * Runs training steps of episodes: a runner rolls them out with the network's current parameters, and trains it on the sequences
 * as they came to be, with one backward pass. Loss and successes are those of the episodes.
 *
 * @param runner - Runs the steps, with the loss `linear`; the result disposes it.
 * @param network - The network that it trains.
 * @param value - Trains the value network on the same sequences, if there is one; the result disposes it.
 */
export function episodeRunner<State extends NestedState, Prepared>(
  runner: StepRunner,
  network: RecurrentCell<State, Prepared>,
  value?: ValueRunner,
): StepRunner {
  /** The episodes of the steps whose results have not been returned. */
  const open: EpisodeResults[] = [];
  let valueBatch: Batch | undefined;
  const ofEpisodes = (results: readonly TrainStepResult[]): readonly TrainStepResult[] =>
    results.map((result) => withEpisodes(result, open.shift() as EpisodeResults));
  return {
    description: runner.description,
    trainer: runner.trainer,
    get carriedState() {
      return runner.carriedState;
    },
    rollOut: async (task, random) => {
      const episodes = task.startEpisodes(random, { training: true });
      await runner.trainer?.writeToVariables();
      await value?.runner.trainer?.writeToVariables();
      const rollout = await rollOut(network, episodes, { valueNetwork: value?.network });
      open.push(rollout.results);
      valueBatch = rollout.valueBatch;
      return rollout.batch;
    },
    step: async (batch) => {
      // An engine refuses such targets; to the loop, they are a step whose update is not applied.
      if (!batch.targets.every(Number.isFinite)) return ofEpisodes([NOT_FINITE]);
      if (value && valueBatch && !(await isApplied(value.runner, valueBatch))) return ofEpisodes([NOT_FINITE]);
      return ofEpisodes(await runner.step(batch));
    },
    flush: async () => ofEpisodes(await runner.flush()),
    setLearningRate: (learningRate) => {
      runner.setLearningRate(learningRate);
      value?.runner.setLearningRate(learningRate);
    },
    writeToVariables: async () => {
      await runner.writeToVariables();
      await value?.runner.writeToVariables();
    },
    dispose: () => {
      runner.dispose();
      value?.runner.dispose();
    },
  };
}

/** Runs a training step to its end; returns whether its update was applied. */
async function isApplied(runner: StepRunner, batch: Batch): Promise<boolean> {
  const results = [...(await runner.step(batch)), ...(await runner.flush())];
  return results.every(({ applied }) => applied);
}

const NOT_FINITE: TrainStepResult = { loss: Number.NaN, globalNorm: Number.NaN, applied: false };

/** Replaces loss and exact match, which of the loss `linear` mean nothing, by those of the episodes. */
function withEpisodes(result: TrainStepResult, { losses, exactMatch }: EpisodeResults): TrainStepResult {
  const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  return { ...result, loss, exactMatch: exactMatch.reduce((sum, value) => sum + value, 0) };
}
