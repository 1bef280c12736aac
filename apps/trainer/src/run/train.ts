import { setImmediate } from "node:timers/promises";
import { readTensors } from "@dnc/checkpoint";
import type { Dnc } from "@dnc/core";
import { type RandomState, restoreRandom, type Task } from "@dnc/tasks";
import type { RmsProp } from "@dnc/training";
import { drawSample, renderSample, validationLoss } from "../model/sample.js";
import type { Reporter, ReportRecord } from "../terminal/reporter.js";
import { type Saved, Saver } from "./checkpoint-writer.js";
import type { CrashWatch } from "./crash-watch.js";
import { DivergenceError, firstNonFinite } from "./divergence-error.js";
import type { LearnedStep, Learner } from "./learner.js";
import { IntervalMeans, type Progress } from "./progress.js";
import type { Recorder } from "./recorder.js";
import { type RunIdentity, type Standing, trainingState } from "./resume-state.js";
import { RunFailedError } from "./run-failed-error.js";
import type { RunFolder } from "./run-folder.js";
import { RunWriteError } from "./run-write-error.js";

/** How long a signal may wait: what the event loop is given each time would slow fast iterations down. */
const BREATH_MILLISECONDS = 10;

/** How long a learner may go on without being asked what it has found: progress is shown, and NaN is noticed. */
const PATIENCE_MILLISECONDS = 500;

/** How long a run that has failed may take to save what it has: what it waits for may never come. */
const SAVING_MILLISECONDS = 60_000;

/** From one report with pictures to the next. */
const REPORTS_A_PICTURE = 50;

/** Everything that takes part in a run. */
export interface Run {
  readonly core: Dnc;
  readonly task: Task;
  /** Made for `core.variables`. */
  readonly optimizer: RmsProp;
  /** Moves the weights of both. */
  readonly learner: Learner;
  readonly identity: RunIdentity;
  /** Where it begins: at nought, or where a checkpoint stands. */
  readonly standing: Standing;
  /** What was recorded before that. */
  readonly before?: { readonly firstReport: ReportRecord | undefined; readonly saved: Saved };
  readonly iterations: number;
  readonly reportInterval: number;
  /** Not above 0: only at the end. */
  readonly checkpointInterval: number;
  /** How many of the newest checkpoints stay, besides the best. */
  readonly keepCheckpoints: number;
  readonly folder: RunFolder;
  readonly recorder: Recorder;
  readonly reporter: Reporter;
  /** Hears of what nobody catches; asked after every iteration. */
  readonly crash?: CrashWatch;
  /** Asked before every iteration. */
  readonly shouldStop: () => boolean;
}

/** What a run came to. */
export interface Outcome {
  /** Iterations done. */
  readonly step: number;
  /** Those of them that were done before this process took the run up. */
  readonly before: number;
  /** Spent on the others. */
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
 * @throws DivergenceError if loss, gradient or weights are no longer finite: that update is not applied or not saved;
 *   RunWriteError, naming the last good checkpoint, if the run's folder takes no more; RunFailedError, naming it too, for
 *   whatever else ends the run. Before the last two what has not been saved is saved, if that can be done.
 */
export async function train(run: Run): Promise<Outcome> {
  return new Training(run).outcome();
}

class Training {
  readonly #run: Run;
  readonly #means: IntervalMeans;
  readonly #saver: Saver;
  readonly #secondsBefore: number;
  #progress: Progress;
  #breathed = performance.now();
  #asked = performance.now();
  /** Batches drawn since the run began, the one that may have failed among them, and where the generator stood before it. */
  #drawn: number;
  #randomBefore: RandomState;
  #reported: number;
  #firstReport: ReportRecord | undefined;
  #lastReport: ReportRecord | undefined;

  constructor(run: Run) {
    const { iterations, standing, before, folder, keepCheckpoints } = run;
    this.#run = run;
    this.#means = new IntervalMeans(iterations, standing.means);
    this.#saver = new Saver(folder, keepCheckpoints, before?.saved);
    this.#secondsBefore = standing.means.seconds;
    this.#progress = this.#means.progress();
    this.#drawn = standing.means.step;
    this.#randomBefore = standing.random.state();
    this.#reported = standing.reported;
    this.#firstReport = before?.firstReport;
  }

  async outcome(): Promise<Outcome> {
    try {
      const { crash } = this.#run;
      await Promise.race([this.#work(), ...(crash ? [crash.stuck] : [])]);
    } catch (error) {
      throw await this.#withLastGood(error);
    }
    const { step, seconds } = this.#progress;
    return {
      step,
      before: this.#run.standing.means.step,
      seconds: seconds - this.#secondsBefore,
      firstReport: this.#firstReport,
      lastReport: this.#lastReport,
      checkpoint: (this.#saver.last as Saved).path,
    };
  }

  async #work(): Promise<void> {
    await this.#iterations();
    await this.#ask();
    if (this.#means.iterations > 0) await this.#report();
    if (this.#saver.last?.step !== this.#progress.step) await this.#save();
    await this.#saver.settled();
    this.#run.crash?.check();
  }

  async #iterations(): Promise<void> {
    const { iterations, standing, checkpointInterval, reporter, shouldStop } = this.#run;
    // Due already where the run was ended by that very report.
    await this.#reportIfDue();
    for (let step = standing.means.step + 1; step <= iterations && !shouldStop(); step++) {
      await this.#iterate();
      if (this.#isAskedAfter(step)) await this.#ask();
      reporter.progress(this.#progress);
      await this.#reportIfDue();
      if (checkpointInterval > 0 && step % checkpointInterval === 0) await this.#save();
      if (this.#saver.failure) throw this.#saver.failure;
      await this.#breathe();
      this.#run.crash?.check();
    }
  }

  /** Whether all that was found up to an iteration must be known after it: at reports, checkpoints and the end, and now and then. */
  #isAskedAfter(step: number): boolean {
    const { iterations, reportInterval, checkpointInterval } = this.#run;
    const isSaved = checkpointInterval > 0 && step % checkpointInterval === 0;
    if (isSaved || step % reportInterval === 0 || step === iterations) return true;
    return performance.now() - this.#asked >= PATIENCE_MILLISECONDS;
  }

  async #ask(): Promise<void> {
    await this.#take(await this.#run.learner.results());
    this.#asked = performance.now();
  }

  async #reportIfDue(): Promise<void> {
    const { step } = this.#progress;
    if (this.#means.iterations === 0 || step % this.#run.reportInterval !== 0) return;
    await this.#report();
    this.#reported = step;
    this.#means.restart();
  }

  /** Lets signals, closed pipes and the disk arrive, now and then. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathed < BREATH_MILLISECONDS) return;
    await setImmediate();
    this.#breathed = performance.now();
  }

  async #iterate(): Promise<void> {
    const { random } = this.#run.standing;
    this.#randomBefore = random.state();
    this.#drawn++;
    await this.#take(await this.#run.learner.step(this.#run.task.sampleBatch(random)));
  }

  async #take(found: readonly LearnedStep[]): Promise<void> {
    for (const { applied, ...iteration } of found) {
      if (applied) {
        this.#means.add(iteration);
        continue;
      }
      const { loss, globalNorm } = iteration;
      const step = this.#means.state.step + 1;
      const culprit = Number.isFinite(loss) ? `gradient norm of iteration ${step} is ${globalNorm}` : undefined;
      throw await this.#divergence(step, `the ${culprit ?? `loss of iteration ${step} is ${loss}`}`, loss, globalNorm);
    }
    if (found.length > 0) this.#progress = this.#means.progress();
  }

  async #report(): Promise<void> {
    const { core, learner, task, identity, recorder, reporter } = this.#run;
    const progress = this.#progress;
    await learner.sync();
    const sample = await renderSample(core, task, identity.seed, progress.step);
    const pictures = this.#isDrawn(progress) ? await drawSample(core, task, identity.seed, progress.step) : [];
    const numbers = {
      step: progress.step,
      loss: progress.loss,
      exact_match: progress.exactMatch,
      gradient_norm: progress.gradientNorm,
      iterations: progress.iterations,
      iterations_per_second: progress.iterationsPerSecond,
      seconds: progress.seconds,
    };
    const record = await recorder.add(numbers, { sample, pictures });
    this.#firstReport ??= record;
    this.#lastReport = record;
    reporter.report({ progress, record, sample });
  }

  /** Whether a report has pictures: the first, the last, and now and then between, for they take a while. */
  #isDrawn({ step, of }: Progress): boolean {
    const report = step / this.#run.reportInterval;
    return report === 1 || report % REPORTS_A_PICTURE === 0 || step === of;
  }

  /** Saves weights that have been seen to answer with numbers: an update shows its worth only in the next loss. */
  async #save(): Promise<void> {
    const { core, learner, task, optimizer, identity, standing } = this.#run;
    const { step, gradientNorm } = this.#progress;
    await learner.sync();
    const model = await readTensors(core.variables);
    const loss = await validationLoss(core, task, identity.seed);
    const spoilt = firstNonFinite(model) ?? (Number.isFinite(loss) ? undefined : "the loss on fresh sequences");
    if (spoilt)
      throw await this.#divergence(step, `${spoilt} is not finite after iteration ${step}`, loss, gradientNorm);
    const random = this.#drawn === step ? standing.random : restoreRandom(this.#randomBefore);
    const now = { means: this.#means.state, reported: this.#reported, random };
    await this.#saver.save({
      model,
      optimizer: await readTensors(optimizer.variables),
      state: trainingState(identity, now, { task: task.name, loss }),
    });
  }

  /** What failed, with what is left: where the folder takes no record any more, it may still take the weights. */
  async #withLastGood(error: unknown): Promise<unknown> {
    if (error instanceof DivergenceError) return error;
    if (!this.#saver.failure) await within(SAVING_MILLISECONDS, this.#saveRest());
    const [run, checkpoint] = [this.#run.folder.path, this.#saver.last?.path];
    if (error instanceof RunWriteError) return error.withLastGood(run, checkpoint);
    return new RunFailedError(error, { step: this.#means.state.step, run, checkpoint });
  }

  /** Saves what is known to be good and not saved yet: at the most the last batch drawn may be without effect. */
  async #saveRest(): Promise<void> {
    await this.#saver.settled();
    await this.#ask();
    this.#progress = this.#means.progress();
    const { step } = this.#progress;
    const isAccounted = this.#drawn === step || this.#drawn === step + 1;
    if (isAccounted && step > 0 && this.#saver.last?.step !== step) await this.#save();
    await this.#saver.settled();
  }

  async #divergence(step: number, what: string, loss: number, gradientNorm: number): Promise<DivergenceError> {
    const { core, learner, folder } = this.#run;
    await this.#saver.settled();
    await learner.sync();
    const parameters = await readTensors(core.variables);
    const lastGood = this.#saver.last?.path;
    const error = new DivergenceError({ step, what, loss, gradientNorm, parameters, lastGood });
    await folder.addMetrics(error.record);
    return error;
  }
}

/** Waits for a piece of work, whether it succeeds or not, but not for ever. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => {}), over]);
  clearTimeout(timer);
}
