import { join } from "node:path";
import type { FoundCheckpoint } from "@dnc/checkpoint/node";
import type { TrainingState } from "@dnc/training";
import { splitCarried } from "../contents/carried-tensors.js";
import { type RestoredParts, restoreCheckpoint } from "../contents/checkpoint-contents.js";
import { parseResumeState, type ResumeState } from "../contents/resume-state.js";
import { checkOutsideRun } from "../folder/check-outside-run.js";
import type { LabelOptions } from "../folder/inspect-run-folder.js";
import { RunFolder } from "../folder/run-folder.js";
import { openRun } from "../recording/open-run.js";
import type { Run } from "../recording/run.js";
import { RunFolderError } from "../run-folder-error.js";
import { checkRunOptions, type RunOptions } from "../run-options.js";
import { findLatestCheckpoint } from "./find-latest.js";

/** Options for resuming a run. */
export type ResumeOptions = RunOptions & {
  /** New folder, to which the run is copied and in which it resumes; default: its own folder. */
  readonly copyTo?: string | undefined;
  /** Name of that folder in errors, such as a flag; default: "copyTo". */
  readonly copyLabel?: string | undefined;
  /**
   * Called with each notice for the user, such as a skipped checkpoint, once the folder is locked.
   *
   * @param text - A sentence.
   */
  readonly onNotice?: ((text: string) => void) | undefined;
};

/** A run that was read by `loadRun`, to be resumed. Nothing is written before `resume`. */
export class SavedRun {
  /** The run's folder. */
  readonly folder: string;
  /** The newest intact checkpoint; undefined if the run has no checkpoint yet. */
  readonly checkpoint: FoundCheckpoint | undefined;
  readonly #label: string | undefined;
  readonly #notices: readonly string[];

  /**
   * Call `loadRun` instead.
   *
   * @param parts - Folder, checkpoint and notices.
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
   * @param parts - The network and the optimizer, as they were when the run was created; `value`: the value network, if it has one.
   * @returns The `state` for `train`; undefined if there is no checkpoint: then no variable is changed.
   * @throws RunFolderError if the checkpoint does not fit them.
   */
  restore(parts: RestoredParts): TrainingState | undefined {
    const { checkpoint } = this;
    if (!checkpoint) return undefined;
    return withFolderErrors(checkpoint.path, () => restoreCheckpoint(checkpoint, parts).training);
  }

  /**
   * Locks the folder, or copies it to another, and deletes records newer than the checkpoint.
   *
   * @param options - Options of the run, and the folder to copy it to.
   * @returns The run; the caller closes it.
   * @throws RunFolderError if the folder cannot be used, or another process has resumed the run since it was read; then nothing
   *   is changed. RunWriteError if a file cannot be written. TypeError or RangeError for an option out of range.
   */
  async resume(options: ResumeOptions): Promise<Run> {
    checkRunOptions(options);
    const { config, onNotice } = options;
    const { training: state, reported } = this.#resumeState;
    const folder = await this.#openFolder(options);
    return openRun(folder, options, async () => {
      for (const text of this.#notices) onNotice?.(text);
      await folder.setConfig(config);
      const { firstReport, lastReport } = await folder.truncateAfter(reported);
      const { step, name } = this.checkpoint ?? {};
      const checkpoint =
        step === undefined || name === undefined ? undefined : { step, path: join(folder.checkpoints, name) };
      return { state, reported, firstReport, lastReport, checkpoint };
    });
  }

  get #resumeState(): ResumeState {
    if (!this.checkpoint) return { training: undefined, reported: 0 };
    const { path, state, optimizer } = this.checkpoint;
    return withFolderErrors(path, () => parseResumeState(state, splitCarried(optimizer).carriedState));
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

  /** Throws a RunFolderError if another process has resumed the run since it was read. */
  async #checkUnchanged(path: string): Promise<void> {
    const latest = await findLatestCheckpoint(path, () => {});
    if (latest?.step === this.checkpoint?.step) return;
    throw new RunFolderError(
      `${this.folder}: another process has written there meanwhile; nothing was changed, try again`,
    );
  }
}

/** Applies a checkpoint; converts errors of values that do not fit to a RunFolderError that names the checkpoint. */
function withFolderErrors<Result>(path: string, apply: () => Result): Result {
  try {
    return apply();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new RunFolderError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Result of reading a run. */
type SavedParts = LabelOptions & {
  readonly folder: string;
  readonly checkpoint: FoundCheckpoint | undefined;
  readonly notices: readonly string[];
};
