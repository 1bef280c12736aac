import { visibleJson, visibleLine } from "@dnc/report";
import { type CompleteTask, type Criterion, UsageError, withSizeErrors } from "@dnc/settings";
import { type Batch, optimalNGramLoss } from "@dnc/tasks";
import type { GradeOptions } from "../flags/command-options.js";
import { readTrainedRun } from "../flags/gate.js";
import { GROUP, measure } from "../grade/measure.js";
import { isAnswerMetric, measureAnswers } from "../grade/measure-answers.js";
import { isMemoryMetric, measureMemory } from "../grade/measure-memory.js";
import type { Measurement } from "../grade/measurement.js";
import { boundText, metricText } from "../grade/words.js";
import { evaluationRandom } from "../model/evaluation.js";
import { readPreset } from "../preset/preset.js";
import { writeStdout } from "../terminal/output.js";
import { warn } from "../terminal/warn.js";
import { WorkProgress } from "../terminal/work-progress.js";
import { factLines } from "./facts.js";
import { openNetwork } from "./open-network.js";
import { type NetworkSource, sourceFact, sourceRecord } from "./pretrained.js";

/** What a network reached by a criterion. */
interface Result extends Measurement {
  readonly criterion: Criterion;
  readonly passed: boolean;
  /** Step of the checkpoint. */
  readonly step: number;
}

/**
 * Runs `dnc grade`: measures the network of a run by the grade of its preset.
 *
 * @returns the exit status: 0 if it has passed, otherwise 1.
 * @throws UsageError if the run has no preset and none is named, its task is another, or it cannot be read.
 */
export async function runGrade(options: GradeOptions): Promise<number> {
  const { run, json } = options;
  const { config, preset } = await readTrainedRun(run, warn, { babiDir: options.babiDir });
  const name = options.preset ?? preset;
  if (name === undefined)
    throw new UsageError(`${visibleLine(run)}: expected a run of a preset, or --preset, whose grade is applied`);
  const { grade, settings } = readPreset(name);
  const task = config.task.source.name;
  if (settings.task !== task)
    throw new UsageError(`--preset: expected one with task ${task}, got ${name}, whose task is ${settings.task}`);
  const results: Result[] = [];
  for (const criterion of grade) results.push(await apply(criterion, options));
  const passed = results.every((result) => result.passed);
  if (json) await writeStdout(`${visibleJson(recordOf(options, name, results, passed))}\n`);
  else await writeStdout(textOf(options, name, results, passed));
  return passed ? 0 : 1;
}

async function apply(criterion: Criterion, options: GradeOptions): Promise<Result> {
  const { run, seed, babiDir } = options;
  const { metric, sequences, settings, atLeast, atMost, on } = criterion;
  const changes = { ...settings, batch_size: GROUP };
  const { config, taskFlags } = await readTrainedRun(run, () => {}, { babiDir, settings: changes });
  const opened = await openNetwork(run, config, options);
  const progress = new WorkProgress(on);
  try {
    const { network, task } = opened;
    const count = sequences === "all" ? stories(task) : sequences;
    const onGroup = (done: number) => progress.show(done / count, `${done} of ${count} sequences`);
    const contextBits = taskFlags.context_bits as number | undefined;
    const optimum =
      metric === "bits above the optimum" ? (batch: Batch) => optimalNGramLoss(batch, { contextBits }) : undefined;
    const random = evaluationRandom(seed);
    const work = () => {
      if (isAnswerMetric(metric)) return measureAnswers(network, task, metric, onGroup);
      if (isMemoryMetric(metric))
        return measureMemory(network, task, { metric, sequences: count, random, onSequence: onGroup });
      return measure(network, task, { metric, sequences: count, random, optimum, onGroup });
    };
    const measured = await withSizeErrors(work);
    const { value } = measured;
    const passed = atLeast === undefined ? value <= (atMost as number) : value >= atLeast;
    return { ...measured, criterion, passed, step: opened.checkpoint.step };
  } finally {
    progress.end();
    opened.network.dispose();
  }
}

/** Counts the sequences of a set that is measured whole. */
function stories({ everyBatch }: CompleteTask): number {
  let count = 0;
  for (const { batchSize } of everyBatch?.() ?? []) count += batchSize;
  return count;
}

/** Creates the object of `--json`. */
function recordOf(source: NetworkSource, preset: string, results: readonly Result[], passed: boolean): object {
  const criteria = results.map(({ criterion, value, error, sequences, passed }) => ({
    ...{ on: criterion.on, metric: criterion.metric, value, standard_error: error, sequences },
    ...{ at_least: criterion.atLeast, at_most: criterion.atMost, passed, published: criterion.published },
  }));
  return { ...sourceRecord(source), preset, step: results[0]?.step, passed, criteria };
}

function textOf(source: NetworkSource, preset: string, results: readonly Result[], passed: boolean): string {
  const lines = results.map(({ criterion, value, error, sequences, passed }) => {
    const { metric, published } = criterion;
    const found = `${metricText(metric, value)} ± ${metricText(metric, error)} of ${sequences}`;
    const more = published === undefined ? "" : `; published: ${published}`;
    return [
      criterion.on,
      `${passed ? "passed" : "not passed"}: ${found}, expected ${boundText(criterion)}${more}`,
    ] as const;
  });
  return factLines([
    sourceFact(source, `step ${results[0]?.step}`),
    ["preset", preset],
    ["", ""],
    ...lines,
    ["", ""],
    ["grade", passed ? "passed" : "not passed"],
  ]);
}
