import { readTensors } from "@dnc/checkpoint";
import type { Dnc } from "@dnc/core";
import type { Task } from "@dnc/tasks";
import {
  type Divergence,
  DivergenceError as NotFiniteError,
  type Training,
  type TrainingCheckpoint,
  type TrainingReport,
} from "@dnc/training";
import type { RecordingConfig } from "../configs.js";
import { drawSample, renderSample, validationLoss } from "../model/sample.js";
import type { Progress, Reporter, ReportRecord } from "../terminal/reporter.js";
import { CheckpointWriter, type SavedCheckpoint } from "./checkpoint-writer.js";
import type { CrashWatch } from "./crash-watch.js";
import { DivergenceError } from "./divergence-error.js";
import type { Recorder } from "./recorder.js";
import { checkpointState, type ResumeState, type RunIdentity } from "./resume-state.js";
import { RunFailedError } from "./run-failed-error.js";
import type { RunFolder } from "./run-folder.js";
import { RunWriteError } from "./run-write-error.js";
import { TimeLeft } from "./time-left.js";

/** Longest time for saving after a failure: what it waits for may never come. */
const SAVE_TIMEOUT_MS = 60_000;

/** Number of reports from one with images to the next. */
const REPORTS_PER_IMAGE = 50;

/** Everything that takes part in a run. */
export interface Run {
  readonly network: Dnc;
  readonly task: Task;
  readonly training: Training;
  readonly identity: RunIdentity;
  readonly resumeState: ResumeState;
  /** What was recorded before that. */
  readonly previous?: { readonly firstReport: ReportRecord | undefined; readonly saved: SavedCheckpoint };
  /** Iterations in all. */
  readonly iterations: number;
  readonly recording: RecordingConfig;
  readonly folder: RunFolder;
  readonly recorder: Recorder;
  readonly reporter: Reporter;
  /** Notes errors that nobody catches; checked after every iteration. */
  readonly crash?: CrashWatch;
  /** Called before every iteration. */
  readonly shouldStop: () => boolean;
}

/** Result of a run. */
export interface TrainResult {
  /** Iterations done. */
  readonly step: number;
  /** Those of them that were done before this process resumed the run. */
  readonly firstStep: number;
  /** Spent on the others. */
  readonly seconds: number;
  readonly firstReport: ReportRecord | undefined;
  readonly lastReport: ReportRecord | undefined;
  /** Path of the last checkpoint. */
  readonly checkpoint: string;
}

/**
 * Trains, and records what happens: reports with samples, checkpoints, and why the run failed, if it does.
 *
 * @throws DivergenceError if loss, gradients or weights are no longer finite: that update is not applied or not saved;
 *   RunWriteError, naming the last checkpoint, if the run's folder cannot be written; RunFailedError, naming it too, for
 *   any other failure. Before the last two everything that has not been saved is saved, if possible.
 */
export async function train(run: Run): Promise<TrainResult> {
  return new RecordedRun(run).run();
}

class RecordedRun {
  readonly #run: Run;
  readonly #writer: CheckpointWriter;
  readonly #timeLeft: TimeLeft;
  readonly #firstStep: number;
  #progress: TrainingReport | undefined;
  #firstReport: ReportRecord | undefined;
  #lastReport: ReportRecord | undefined;

  constructor(run: Run) {
    const { iterations, resumeState, previous, folder, recording } = run;
    this.#run = run;
    this.#firstStep = resumeState.training?.step ?? 0;
    this.#writer = new CheckpointWriter(folder, recording.keepCheckpoints, previous?.saved);
    this.#timeLeft = new TimeLeft(iterations, this.#firstStep);
    this.#firstReport = previous?.firstReport;
  }

  async run(): Promise<TrainResult> {
    const { training, crash, resumeState } = this.#run;
    try {
      await Promise.race([this.#train(), ...(crash ? [crash.stuck] : [])]);
    } catch (error) {
      throw await this.#failure(error);
    }
    const { step, state } = training;
    return {
      step,
      firstStep: this.#firstStep,
      seconds: state.seconds - (resumeState.training?.seconds ?? 0),
      firstReport: this.#firstReport,
      lastReport: this.#lastReport,
      checkpoint: (this.#writer.last as SavedCheckpoint).path,
    };
  }

  async #train(): Promise<void> {
    const { training, crash, shouldStop } = this.#run;
    const signal = {
      get aborted() {
        return shouldStop();
      },
    };
    await training.run({
      signal,
      onProgress: (progress) => this.#onProgress(progress),
      onReport: (report) => this.#onReport(report),
      onCheckpoint: (checkpoint) => this.#onCheckpoint(checkpoint),
    });
    await this.#writer.flush();
    crash?.check();
  }

  #onProgress(progress: TrainingReport): void {
    this.#progress = progress;
    this.#run.reporter.progress(this.#withTotals(progress));
    if (this.#writer.failure) throw this.#writer.failure;
    this.#run.crash?.check();
  }

  #withTotals({ learningRate: _, ...progress }: TrainingReport): Progress {
    return { ...progress, totalSteps: this.#run.iterations, secondsLeft: this.#timeLeft.after(progress.step) };
  }

  async #onReport(report: TrainingReport): Promise<void> {
    const { network, task, identity, recorder, reporter } = this.#run;
    const { step } = report;
    const sample = await renderSample(network, task, identity.seed, step);
    const images = this.#shouldDraw(step) ? await drawSample(network, task, identity.seed, step) : [];
    const numbers = {
      step,
      loss: report.loss,
      exact_match: report.exactMatch,
      gradient_norm: report.gradientNorm,
      iterations: report.iterations,
      iterations_per_second: report.iterationsPerSecond,
      seconds: report.seconds,
    };
    const record = await recorder.add(numbers, { sample, images });
    this.#firstReport ??= record;
    this.#lastReport = record;
    reporter.report({ progress: this.#withTotals(report), record, sample });
  }

  /** Whether a report has images: the first, the last and some between, because they take a while. */
  #shouldDraw(step: number): boolean {
    const { recording, iterations } = this.#run;
    const report = step / recording.reportInterval;
    return report === 1 || report % REPORTS_PER_IMAGE === 0 || step === iterations;
  }

  /** Saves a checkpoint after checking that the validation loss is finite; nothing has evaluated the last update yet. */
  async #onCheckpoint({ step, state, optimizer }: TrainingCheckpoint): Promise<void> {
    const { network, task, identity, resumeState } = this.#run;
    const model = await readTensors(network.variables);
    const loss = await validationLoss(network, task, identity.seed);
    if (!Number.isFinite(loss)) {
      const cause = `the validation loss is not finite after iteration ${step}`;
      throw await this.#diverged(cause, { step, loss, gradientNorm: this.#progress?.gradientNorm ?? Number.NaN });
    }
    const reported = state.report?.step ?? resumeState.reported;
    await this.#writer.save({
      model,
      optimizer: await readTensors(optimizer.variables),
      state: checkpointState(identity, state, { task: task.name, loss, reported }),
    });
  }

  /** The error to throw, after saving what can be saved: a folder that takes no more records may still take the weights. */
  async #failure(reason: unknown): Promise<unknown> {
    if (reason instanceof DivergenceError) return reason;
    let error = reason;
    if (error instanceof NotFiniteError) {
      const cause = error.message.replace(/; training stopped$/, "");
      const diverged = await this.#diverged(cause, error.divergence).catch((writing: unknown) => writing);
      if (diverged instanceof DivergenceError) return diverged;
      error = diverged;
    }
    const { training, folder } = this.#run;
    if (!this.#writer.failure) await within(SAVE_TIMEOUT_MS, this.#saveRest());
    const [run, checkpoint] = [folder.path, this.#writer.last?.path];
    if (error instanceof RunWriteError) return error.withLastCheckpoint(run, checkpoint);
    return new RunFailedError(error, { step: training.step, run, checkpoint });
  }

  async #saveRest(): Promise<void> {
    await this.#writer.flush();
    await this.#run.training.saveRest();
    await this.#writer.flush();
  }

  async #diverged(cause: string, divergence: Divergence): Promise<DivergenceError> {
    const { network, task, identity, folder } = this.#run;
    await this.#writer.flush();
    const parameters = await readTensors(network.variables);
    const loss =
      divergence.variable === undefined ? divergence.loss : await validationLoss(network, task, identity.seed);
    const error = new DivergenceError({
      ...divergence,
      ...{ loss, cause, parameters, lastCheckpoint: this.#writer.last?.path },
    });
    await folder.addMetrics(error.record);
    return error;
  }
}

/** Waits for a piece of work, whether it succeeds or not, for a limited time. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work.catch(() => {}), timeout]);
  clearTimeout(timer);
}
