import { setImmediate } from "node:timers/promises";
import type { Dnc } from "@dnc/core";
import type { Random, Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { readVariables, saveCheckpoint } from "./checkpoint.js";
import { DivergenceError, firstNonFinite } from "./divergence.js";
import type { Learner } from "./learner.js";
import { IntervalMeans, type Progress } from "./progress.js";
import type { Reporter, ReportRecord } from "./reporters/reporter.js";
import type { RunFolder } from "./run-folder.js";
import { freshLoss, renderSample } from "./sample.js";
import type { RmsProp } from "./training/rms-prop.js";

/** How long a signal may wait: what the event loop is given each time would slow fast iterations down. */
const BREATH_MILLISECONDS = 10;

/** Everything that takes part in a run. */
export interface Run {
  readonly core: Dnc;
  readonly task: Task;
  /** The task with one sequence a batch, for samples. */
  readonly sampleTask: Task;
  /** Made for `core.variables`. */
  readonly optimizer: RmsProp;
  /** Moves the weights of both. */
  readonly learner: Learner;
  /** Where the training data come from. */
  readonly random: Random;
  readonly seed: number;
  readonly iterations: number;
  readonly reportInterval: number;
  /** Not above 0: only at the end. */
  readonly checkpointInterval: number;
  readonly folder: RunFolder;
  readonly reporter: Reporter;
  /** Asked before every iteration. */
  readonly shouldStop: () => boolean;
}

/** What a run came to. */
export interface Outcome {
  /** Iterations done. */
  readonly step: number;
  readonly seconds: number;
  readonly firstReport: ReportRecord | undefined;
  readonly lastReport: ReportRecord | undefined;
  /** Path of the last checkpoint. */
  readonly checkpoint: string;
}

/**
 * Trains: batch, step, report, checkpoint, until all iterations are done or someone wishes to stop; then a report of
 * what has not been reported, and a checkpoint of what has not been saved.
 *
 * @throws DivergenceError if loss, gradient or weights are no longer finite: that update is not applied or not saved.
 */
export async function train(run: Run): Promise<Outcome> {
  return new Training(run).outcome();
}

class Training {
  readonly #run: Run;
  readonly #means: IntervalMeans;
  #progress: Progress;
  #breathed = performance.now();
  #firstReport: ReportRecord | undefined;
  #lastReport: ReportRecord | undefined;
  #saved: { readonly step: number; readonly path: string } | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#means = new IntervalMeans(run.iterations);
    this.#progress = this.#means.progress();
  }

  async outcome(): Promise<Outcome> {
    const { iterations, reportInterval, checkpointInterval, reporter, shouldStop } = this.#run;
    for (let step = 1; step <= iterations && !shouldStop(); step++) {
      await this.#iterate(step);
      reporter.progress(this.#progress);
      if (step % reportInterval === 0) await this.#report();
      if (checkpointInterval > 0 && step % checkpointInterval === 0) await this.#save();
      await this.#breathe();
    }
    if (this.#means.iterations > 0) await this.#report();
    const saved = this.#saved?.step === this.#progress.step ? this.#saved : await this.#save();
    return {
      step: this.#progress.step,
      seconds: this.#means.progress().seconds,
      firstReport: this.#firstReport,
      lastReport: this.#lastReport,
      checkpoint: saved.path,
    };
  }

  /** Lets signals and closed pipes arrive, now and then. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathed < BREATH_MILLISECONDS) return;
    await setImmediate();
    this.#breathed = performance.now();
  }

  async #iterate(step: number): Promise<void> {
    const batch = this.#run.task.sample(this.#run.random);
    const { loss, globalNorm, solved, applied } = await this.#run.learner.step(batch);
    const sequences = batch.mask.shape[1];
    tf.dispose(batch);
    if (!applied) {
      const culprit = Number.isFinite(loss) ? `gradient norm of iteration ${step} is ${globalNorm}` : undefined;
      throw await this.#divergence(step, `the ${culprit ?? `loss of iteration ${step} is ${loss}`}`, loss, globalNorm);
    }
    this.#means.add({ loss, globalNorm, solved, sequences });
    this.#progress = this.#means.progress();
  }

  async #report(): Promise<void> {
    const { core, learner, sampleTask, seed, folder, reporter } = this.#run;
    const progress = this.#progress;
    learner.sync();
    const sample = await renderSample(core, sampleTask, seed, progress.step);
    const record: ReportRecord = {
      step: progress.step,
      loss: progress.loss,
      solved: progress.solved,
      gradient_norm: progress.gradientNorm,
      iterations: progress.iterations,
      iterations_per_second: progress.iterationsPerSecond,
      seconds: progress.seconds,
      sample: await folder.addSample(progress.step, sample),
    };
    await folder.addMetrics(record);
    this.#firstReport ??= record;
    this.#lastReport = record;
    reporter.report({ progress, record, sample });
    this.#means.restart();
  }

  /** Saves weights that have been seen to answer with numbers: an update shows its worth only in the next loss. */
  async #save(): Promise<{ readonly step: number; readonly path: string }> {
    const { core, learner, task, optimizer, random, seed, folder } = this.#run;
    const { step, gradientNorm } = this.#progress;
    learner.sync();
    const model = await readVariables(core.variables);
    const loss = await freshLoss(core, task, seed, step);
    const spoilt = firstNonFinite(model) ?? (Number.isFinite(loss) ? undefined : "the loss on fresh sequences");
    if (spoilt)
      throw await this.#divergence(step, `${spoilt} is not finite after iteration ${step}`, loss, gradientNorm);
    const tensors = { model, optimizer: await readVariables(optimizer.variables) };
    const state = { step, seed, random: random.state(), interval: this.#means.sums };
    this.#saved = { step, path: await saveCheckpoint(folder.checkpoints, tensors, state) };
    return this.#saved;
  }

  async #divergence(step: number, what: string, loss: number, gradientNorm: number): Promise<DivergenceError> {
    const { core, learner, folder } = this.#run;
    learner.sync();
    const parameters = await readVariables(core.variables);
    const error = new DivergenceError({ step, what, loss, gradientNorm, parameters, lastGood: this.#saved?.path });
    await folder.addMetrics(error.record);
    return error;
  }
}
