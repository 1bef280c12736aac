/** Measures a network by the metric of a grade, with the standard error of the mean. */
import type { Dnc, LstmNetwork } from "@dnc/core";
import type { CompleteTask, MetricName } from "@dnc/settings";
import { type Batch, isEpisodeTask, type Random, type Score } from "@dnc/tasks";
import { evaluate } from "@dnc/training";
import type { AnswerMetric } from "./measure-answers.js";
import type { MemoryMetric } from "./measure-memory.js";
import type { Measurement } from "./measurement.js";

/** Sequences of a group, whose means show how much the mean of all varies; sequences of a batch may depend on each other. */
export const GROUP = 10;

/** What a group of sequences gave. */
interface Group {
  readonly score: Score;
  readonly task: CompleteTask;
  /** Bits of the best predictor on these sequences, if one is known. */
  readonly optimum: number | undefined;
}

/** The metrics that are means over sequences. */
type SequenceMetric = Exclude<MetricName, AnswerMetric | MemoryMetric>;

/** Computes a metric of a group: the mean over its sequences. */
const METRIC_OF: Readonly<Record<SequenceMetric, (group: Group) => number>> = {
  "exact match": ({ score }) => score.exactMatch / score.sequences,
  "bits per sequence": meanBits,
  "constraints satisfied": ({ score }) => (score.metrics?.satisfied ?? Number.NaN) / score.sequences,
  "bits above the optimum": (group) => meanBits(group) - (group.optimum ?? Number.NaN) / group.score.sequences,
};

function meanBits({ score, task }: Group): number {
  return score.loss / score.sequences / (isEpisodeTask(task) || !task.logProbInBits ? Math.LN2 : 1);
}

/** How a network is measured. */
export interface MeasureOptions {
  readonly metric: SequenceMetric;
  /** Number of sequences, a multiple of `GROUP`. */
  readonly sequences: number;
  /** Generator of the sequences. */
  readonly random: Random;
  /** Computes the bits of the best predictor for each sequence of a batch; default: none is known. */
  readonly optimum?: ((batch: Batch) => Float64Array) | undefined;
  /** Called after each group with the number of sequences so far. */
  readonly onGroup: (done: number) => void;
}

/** Evaluates a network on new sequences of a task. */
export async function measure(
  network: Dnc | LstmNetwork,
  task: CompleteTask,
  { metric, sequences, random, optimum, onGroup }: MeasureOptions,
): Promise<Measurement> {
  const values: number[] = [];
  for (let done = GROUP; done <= sequences; done += GROUP) {
    let best: number | undefined;
    const onBatch = (batch: Batch) => {
      if (optimum) best = sum(optimum(batch)) + (best ?? 0);
    };
    const score = await evaluate(network, watched(task, onBatch), { random, sequences: GROUP });
    values.push(METRIC_OF[metric]({ score, task, optimum: best }));
    onGroup(done);
  }
  const value = sum(values) / values.length;
  const squares = sum(values.map((each) => (each - value) ** 2));
  return { value, error: Math.sqrt(squares / (values.length - 1) / values.length), sequences };
}

/** The same task, whose batches are seen by a function; those of episodes are not. */
function watched(task: CompleteTask, onBatch: (batch: Batch) => void): CompleteTask {
  if (isEpisodeTask(task)) return task;
  return {
    ...task,
    sampleBatch: (...given) => {
      const batch = task.sampleBatch(...given);
      onBatch(batch);
      return batch;
    },
  };
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
