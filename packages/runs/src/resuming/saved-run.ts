import { join } from "node:path";
import { assignTensors } from "@dnc/checkpoint";
import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import type { Dnc } from "@dnc/core";
import type { RmsProp, TrainingState } from "@dnc/training";
import { checkOutsideRun } from "../folder/check-outside-run.js";
import type { LabelOptions } from "../folder/inspect-run-folder.js";
import { RunFolder } from "../folder/run-folder.js";
import { openRun } from "../recording/open-run.js";
import type { Run } from "../recording/run.js";
import { RunFolderError } from "../run-folder-error.js";
import { checkRunOptions, type RunOptions } from "../run-options.js";
import { findLatestCheckpoint } from "./find-latest.js";
import { parseResumeState, type ResumeState } from "./resume-state.js";

/** How to resume a run. */
export type ResumeOptions = RunOptions & {
  /** A new folder to copy the run to and resume it there; default: its own. */
  readonly copyTo?: string | undefined;
  /** Names that folder in errors, such as the flag that names it; default: "copyTo". */
  readonly copyLabel?: string | undefined;
  /**
   * Called with what the user should know, once the folder is locked.
   *
   * @param text - A sentence.
   */
  readonly onNotice?: ((text: string) => void) | undefined;
};

/** A run as it was read, to be resumed. Made by `loadRun`; nothing is written before `resume`. */
export class SavedRun {
  /** The run's folder. */
  readonly folder: string;
  /** The newest intact checkpoint; undefined if the run was ended before there was one. */
  readonly checkpoint: FoundCheckpoint | undefined;
  readonly #label: string | undefined;
  readonly #notices: readonly string[];

  /**
   * Call `loadRun` instead.
   *
   * @param parts - What was read.
   */
  constructor({ folder, checkpoint, notices, label }: SavedParts) {
    this.folder = folder;
    this.checkpoint = checkpoint;
    this.#notices = notices;
    this.#label = label;
  }

  /**
   * Restores the variables of network and optimizer.
   *
   * @param parts - The network and the optimizer, as they were when the run was created.
   * @returns What `train` takes as `state`; undefined if there is no checkpoint: then nothing is changed.
   * @throws RunFolderError if the checkpoint does not fit them.
   */
  restore({ network, optimizer }: { readonly network: Dnc; readonly optimizer: RmsProp }): TrainingState | undefined {
    if (!this.checkpoint) return undefined;
    const { path, model, optimizer: slots } = this.checkpoint;
    return fitting(path, () => {
      assignTensors(network.variables, model);
      assignTensors(optimizer.variables, slots);
      return this.#standing.training;
    });
  }

  /**
   * Locks the folder, or copies it to another, and discards what was recorded after the checkpoint.
   *
   * @param options - What is recorded, and where.
   * @returns The run; the caller closes it.
   * @throws RunFolderError if the folder cannot be used, or another process has resumed the run since it was read; then nothing
   *   is changed. RunWriteError if a file cannot be written. TypeError or RangeError for an option out of range.
   */
  async resume(options: ResumeOptions): Promise<Run> {
    checkRunOptions(options);
    const { config, onNotice } = options;
    const { training: state, reported } = this.#standing;
    const folder = await this.#openFolder(options);
    return openRun(folder, options, async () => {
      for (const text of this.#notices) onNotice?.(text);
      await folder.setConfig(config);
      const firstReport = await folder.truncateAfter(reported);
      const { step, name } = this.checkpoint ?? {};
      const checkpoint =
        step === undefined || name === undefined ? undefined : { step, path: join(folder.checkpoints, name) };
      return { state, reported, firstReport, checkpoint };
    });
  }

  get #standing(): ResumeState {
    if (!this.checkpoint) return { training: undefined, reported: 0 };
    const { path, state } = this.checkpoint;
    return fitting(path, () => parseResumeState(state));
  }

  async #openFolder({ copyTo, copyLabel = "copyTo" }: ResumeOptions): Promise<RunFolder> {
    if (copyTo !== undefined && copyTo !== this.folder) {
      checkOutsideRun(copyTo, this.folder, { label: copyLabel });
      const labels = { from: this.#label ?? "folder", to: copyLabel };
      return RunFolder.copy(this.folder, copyTo, labels, (path) => this.#checkUnchanged(path));
    }
    const folder = await RunFolder.open(this.folder, this.#label);
    try {
      await this.#checkUnchanged(this.folder);
    } catch (error) {
      folder.close();
      throw error;
    }
    return folder;
  }

  /** Nobody else may have continued what was read. */
  async #checkUnchanged(path: string): Promise<void> {
    const latest = await findLatestCheckpoint(path, () => {});
    if (latest?.step === this.checkpoint?.step) return;
    throw new RunFolderError(
      `${this.folder}: another process has written there meanwhile; nothing was changed, try again`,
    );
  }
}

/** Runs what uses a checkpoint; a value that does not fit becomes a RunFolderError that names the checkpoint. */
function fitting<Result>(path: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new RunFolderError(`${path}: ${error.message}`);
    throw error;
  }
}

/** What `loadRun` has read. */
type SavedParts = LabelOptions & {
  readonly folder: string;
  readonly checkpoint: FoundCheckpoint | undefined;
  readonly notices: readonly string[];
};
