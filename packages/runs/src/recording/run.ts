import { readTensors } from "@dnc/checkpoint";
import {
  type Divergence,
  DivergenceError,
  type Prediction,
  type TrainCallbacks,
  type Training,
  type TrainingCheckpoint,
  type TrainingReport,
  type TrainingState,
} from "@dnc/training";
import * as tf from "@tensorflow/tfjs-core";
import { checkpointContents } from "../contents/checkpoint-contents.js";
import type { RunIdentity } from "../contents/checkpoint-state.js";
import { type ReportRecord, reportRecord } from "../contents/report-record.js";
import { heldOutExactMatch, predictSample, validationLoss } from "../contents/sample.js";
import type { RunFolder } from "../folder/run-folder.js";
import { RunFailedError } from "../run-failed-error.js";
import type { RunOptions } from "../run-options.js";
import { RunWriteError } from "../run-write-error.js";
import { CheckpointWriter, type SavedCheckpoint } from "./checkpoint-writer.js";
import { describeDivergence } from "./describe-divergence.js";
import { drawSample } from "./draw-sample.js";
import type { EventFile } from "./event-file.js";
import { Recorder } from "./recorder.js";
import { recordedVersions } from "./versions.js";
import { waitAtMost } from "./wait-at-most.js";

/** Longest time for saving after a failure, in case the backend or the disk no longer responds. */
const SAVE_TIMEOUT_MS = 60_000;

/** Number of reports between two with images. */
const REPORTS_PER_IMAGE = 50;

/** A report as it was recorded. */
export type RecordedReport = {
  /** The line of metrics.jsonl. */
  readonly record: ReportRecord;
  /** The sample as text, in the task's readable form. */
  readonly sample: string;
  /** The sequence and the output that the sample shows. */
  readonly prediction: Prediction;
};

/** Records of a run before it resumes. */
export type PreviousRecords = {
  /** Undefined if the run had no checkpoint. */
  readonly state: TrainingState | undefined;
  /** The step up to which records are valid. */
  readonly reported: number;
  readonly firstReport: ReportRecord | undefined;
  readonly lastReport: ReportRecord | undefined;
  readonly checkpoint: SavedCheckpoint | undefined;
};

/** Files and options of a run. */
type Parts = {
  readonly folder: RunFolder;
  readonly events: EventFile;
  readonly options: RunOptions;
  readonly previous: PreviousRecords;
};

/**
 * A run that is recorded in its folder, locked until `close`. Made by `createRun` and `resumeRun`:
 *
 *     const run = await createRun("runs/mine", { config, network, task });
 *     await train({ network, task, iterations: 1000, ...run.callbacks });
 *     await run.close();
 */
export class Run {
  /** The run's folder. */
  readonly folder: string;
  /** What `train` takes as `state`: undefined for a new run. */
  readonly state: TrainingState | undefined;
  readonly #parts: Parts;
  readonly #identity: RunIdentity;
  readonly #recorder: Recorder;
  readonly #writer: CheckpointWriter;
  #progress: TrainingReport | undefined;
  #firstReport: ReportRecord | undefined;
  #lastReport: ReportRecord | undefined;
  #hasFailed = false;

  /**
   * Call `createRun` or `resumeRun` instead.
   *
   * @param parts - Files and options of the run.
   */
  constructor(parts: Parts) {
    const { folder, events, options, previous } = parts;
    const { seed = 1, config, backend = tf.getBackend(), engine = null, instructionSet = null } = options;
    const { versions = {} } = options;
    this.#parts = parts;
    this.folder = folder.path;
    this.state = previous.state;
    this.#identity = { seed, config, backend, engine, instructionSet, versions: recordedVersions(versions) };
    this.#recorder = new Recorder(folder, events);
    this.#writer = new CheckpointWriter(folder, options.keepCheckpoints ?? 5, previous.checkpoint);
    this.#firstReport = previous.firstReport;
  }

  /** What `train` and `Training.run` call: they record reports and save checkpoints. */
  get callbacks(): Required<Pick<TrainCallbacks, "onProgress" | "onReport" | "onCheckpoint">> {
    return {
      onProgress: (progress) => this.progress(progress),
      onReport: async (report) => {
        await this.report(report);
      },
      onCheckpoint: (checkpoint) => this.save(checkpoint),
    };
  }

  /** The first report of the run, even if another process wrote it. */
  get firstReport(): ReportRecord | undefined {
    return this.#firstReport;
  }

  /** The last report before this process resumed the run, of the step at which it resumes or an earlier one. */
  get previousReport(): ReportRecord | undefined {
    return this.#parts.previous.lastReport;
  }

  /** The last report by this process. */
  get lastReport(): ReportRecord | undefined {
    return this.#lastReport;
  }

  /** Path of the newest checkpoint on disk. */
  get lastCheckpoint(): string | undefined {
    return this.#writer.last?.path;
  }

  /**
   * Updates the progress of the run; call it after every iteration.
   *
   * @param progress - The argument of `onProgress`.
   * @throws RunWriteError if the previous checkpoint could not be saved.
   */
  progress(progress: TrainingReport): void {
    this.#progress = progress;
    if (this.#writer.failure) throw this.#writer.failure;
  }

  /**
   * Records a report: a line of metrics.jsonl, a sample, and events with images for TensorBoard.
   *
   * @param report - The argument of `onReport`.
   * @returns The record, and the sample as text and as arrays.
   * @throws RunWriteError if a file cannot be written.
   */
  async report(report: TrainingReport): Promise<RecordedReport> {
    const { network, task, heldOutSequences } = this.#parts.options;
    const { step } = report;
    const { seed } = this.#identity;
    const { prediction, text: sample } = await predictSample(network, task, seed, step);
    const images = this.#shouldDraw(step) ? await drawSample(network, prediction.batch) : [];
    const heldOut = heldOutSequences && (await heldOutExactMatch(network, task, seed, heldOutSequences));
    const record = await this.#recorder.add(reportRecord(report, heldOut), { sample, images });
    this.#firstReport ??= record;
    this.#lastReport = record;
    return { record, sample, prediction };
  }

  /**
   * Starts saving a checkpoint, if the validation loss is finite: nothing has evaluated the last update yet.
   *
   * @param checkpoint - The argument of `onCheckpoint`.
   * @throws RunFailedError if the loss is not finite; RunWriteError if the previous checkpoint could not be saved.
   */
  async save(checkpoint: TrainingCheckpoint): Promise<void> {
    const { step, state } = checkpoint;
    const { options, previous } = this.#parts;
    const { network, task } = options;
    const loss = await validationLoss(network, task, this.#identity.seed);
    if (!Number.isFinite(loss)) {
      const cause = `the validation loss is not finite after iteration ${step}`;
      const gradientNorm = this.#progress?.gradientNorm ?? Number.NaN;
      throw await this.#recordDivergence(cause, { step, loss, gradientNorm });
    }
    const reported = state.report?.step ?? previous.reported;
    const details = { identity: this.#identity, network, task: task.name, loss, reported };
    await this.#writer.save(await checkpointContents(details, checkpoint));
  }

  /**
   * Waits until all checkpoints are on disk.
   *
   * @throws RunWriteError if one could not be saved.
   */
  async flush(): Promise<void> {
    await this.#writer.flush();
  }

  /**
   * Saves the run after a failure, as far as possible: if records cannot be written, a checkpoint may still be. A
   * divergence is recorded in metrics.jsonl instead, and no checkpoint is saved.
   *
   * @param reason - The error that training threw.
   * @param training - The training, whose iterations after the last checkpoint are saved; default: only pending saves
   *   are completed.
   * @returns The error to throw: it names the last good checkpoint, and its cause is `reason`.
   */
  async fail(reason: unknown, training?: Training): Promise<RunFailedError> {
    this.#hasFailed = true;
    if (reason instanceof RunFailedError) return reason;
    let error = reason;
    if (error instanceof DivergenceError) {
      const cause = error.message.replace(/; training stopped$/, "");
      const result = await this.#recordDivergence(cause, error.divergence, error).catch((thrown: unknown) => thrown);
      if (result instanceof RunFailedError) return result;
      error = result;
    }
    if (!this.#writer.failure) await waitAtMost(SAVE_TIMEOUT_MS, this.#saveRest(training));
    const step = training?.step ?? this.#progress?.step ?? this.state?.step ?? 0;
    const what =
      error instanceof RunWriteError ? error.message : `the run ended after iteration ${step}: ${messageOf(error)}`;
    return new RunFailedError({ what, cause: error, ...this.#position(step) });
  }

  /**
   * Waits until everything is on disk, and unlocks the folder.
   *
   * @throws RunWriteError if a checkpoint could not be saved, unless `fail` has returned an error already.
   */
  async close(): Promise<void> {
    const { folder, events } = this.#parts;
    try {
      if (!this.#hasFailed) await this.#writer.flush();
    } finally {
      // If the disk is full, an earlier write has failed and was reported.
      await events.close().catch(() => {});
      folder.close();
    }
  }

  /** Whether a report has images, which take time to draw: the first, the last and every fiftieth. */
  #shouldDraw(step: number): boolean {
    const { reportInterval = 100, iterations } = this.#parts.options;
    const report = step / reportInterval;
    return report === 1 || report % REPORTS_PER_IMAGE === 0 || step === iterations;
  }

  async #saveRest(training: Training | undefined): Promise<void> {
    await this.#writer.flush();
    await training?.saveRest();
    await this.#writer.flush();
  }

  async #recordDivergence(cause: string, divergence: Divergence, error?: DivergenceError): Promise<RunFailedError> {
    const { options, folder } = this.#parts;
    const { network, task } = options;
    await this.#writer.flush();
    const parameters = await readTensors(network.variables);
    const loss =
      divergence.variable === undefined ? divergence.loss : await validationLoss(network, task, this.#identity.seed);
    const { lastCheckpoint } = this;
    const { what, record } = describeDivergence({ ...divergence, loss, cause, parameters, lastCheckpoint });
    const failure = new RunFailedError({ what, cause: error, record, ...this.#position(divergence.step) });
    await folder.addMetrics(record);
    return failure;
  }

  #position(step: number): {
    readonly step: number;
    readonly folder: string;
    readonly lastCheckpoint: string | undefined;
  } {
    return { step, folder: this.folder, lastCheckpoint: this.lastCheckpoint };
  }
}

/** Returns the message of anything that was thrown, on one line. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, " ");
}
