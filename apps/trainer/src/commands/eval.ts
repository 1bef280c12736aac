import { visibleJson } from "@dnc/report";
import { type ModelConfig, type TaskConfig, withSizeErrors } from "@dnc/settings";
import type { Score } from "@dnc/tasks";
import { evaluate } from "@dnc/training";
import type { EvalOptions } from "../flags/command-options.js";
import { readTrainedRun } from "../flags/gate.js";
import { adjustModel } from "../model/adjust-model.js";
import { evaluationRandom } from "../model/evaluation.js";
import { duration, percentage } from "../terminal/format.js";
import { lossUnit, scoredUnit } from "../terminal/loss-words.js";
import { writeStdout } from "../terminal/output.js";
import { warn } from "../terminal/warn.js";
import { WorkProgress } from "../terminal/work-progress.js";
import { type Facts, factLines, networkFacts } from "./facts.js";
import { type OpenNetwork, openNetwork } from "./open-network.js";
import { sourceRecord } from "./pretrained.js";

/**
 * Runs `dnc eval`: evaluates the network of a run on new sequences.
 *
 * @returns the exit status.
 * @throws UsageError if an option does not fit the run, or the run cannot be read.
 */
export async function runEvaluation(options: EvalOptions): Promise<number> {
  const { run, sequences, seed } = options;
  const { config: trained } = await readTrainedRun(run, warn, options);
  const config = adjustModel(trained, options, Math.min(options.batchSize, sequences));
  const opened = await openNetwork(run, config, options);
  try {
    const startTime = performance.now();
    const progress = new WorkProgress("evaluation");
    const onBatch = (done: number) => progress.show(done / sequences, `${done} of ${sequences} sequences`);
    const evaluation = { random: evaluationRandom(seed), sequences, onBatch };
    const work = () => evaluate(opened.network, opened.task, evaluation);
    const score = await withSizeErrors(work).finally(() => progress.end());
    const seconds = (performance.now() - startTime) / 1000;
    const facts = await networkFacts(options, opened, config, trained);
    const result = { opened, config, facts, score, seconds };
    await writeStdout(options.json ? `${visibleJson(resultRecord(options, result))}\n` : resultText(options, result));
  } finally {
    opened.network.dispose();
  }
  return 0;
}

type Result = { opened: OpenNetwork; config: ModelConfig; facts: Facts; score: Score; seconds: number };

/** Creates the object of `--json`; means are over the sequences. */
function resultRecord(options: EvalOptions, { opened, config, score, seconds }: Result): object {
  const { task, network } = config;
  const unit = scoredUnit(opened.task);
  return {
    ...sourceRecord(options),
    checkpoint: opened.checkpoint.name,
    step: opened.checkpoint.step,
    sequences: score.sequences,
    loss: score.loss / score.sequences,
    [`wrong_${unit}s`]: score.wrongBits / score.sequences,
    [`wrong_${unit}_share`]: score.wrongBits / score.bits,
    exact_match: score.exactMatch / score.sequences,
    ...means(score),
    task: opened.task.name,
    ...taskSizes(task),
    ...(network.kind === "dnc" ? { memory_size: network.memorySize } : {}),
    seed: options.seed,
    backend: opened.backend.name,
    seconds,
  };
}

/** Means of what a task of episodes measures besides. */
function means({ metrics = {}, sequences }: Score): object {
  return Object.fromEntries(Object.entries(metrics).map(([name, sum]) => [name, sum / sequences]));
}

/** Returns the sizes that the task has, under the names of the options. */
function taskSizes({ source, minLength, maxLength, minRepeats, maxRepeats }: TaskConfig): object {
  const sizes = source.sizes.includes("maxLength") ? { min_length: minLength, max_length: maxLength } : {};
  return source.sizes.includes("maxRepeats") ? { ...sizes, min_repeats: minRepeats, max_repeats: maxRepeats } : sizes;
}

function resultText({ seed }: EvalOptions, { opened: { task }, facts, score, seconds }: Result): string {
  const unit = scoredUnit(task);
  const { sequences, loss, bits, wrongBits, exactMatch, metrics = {} } = score;
  const share = wrongBits === 0 ? "" : `, ${percentage(wrongBits / bits)} of the ${bits} that count`;
  return factLines([
    ...facts,
    ["sequences", `${sequences} new ones in ${time(seconds)} (--seed=${seed} samples them again)`],
    ["", ""],
    [
      "exact match",
      `${percentage(exactMatch / sequences)}: ${exactMatch} of ${sequences} sequences without a wrong ${unit}`,
    ],
    [`wrong ${unit}s`, `${wrongBits === 0 ? "none" : `${(wrongBits / sequences).toFixed(4)} per sequence${share}`}`],
    ["loss", `${(loss / sequences).toFixed(4)} ${lossUnit(task)}`],
    ...Object.entries(metrics).map(([name, sum]) => [name, `${(sum / sequences).toFixed(4)} per episode`] as const),
  ]);
}

function time(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}
