import { type CheckpointContents, saveCheckpoint } from "@dnc/checkpoint/node";
import type { RunFolder } from "../folder/run-folder.js";
import { RunWriteError } from "../run-write-error.js";

/** A checkpoint on disk. */
export interface SavedCheckpoint {
  readonly step: number;
  readonly path: string;
}

/** Saves a run's checkpoints while training continues, one at a time. */
export class CheckpointWriter {
  readonly #folder: RunFolder;
  readonly #keep: number;
  #last: SavedCheckpoint | undefined;
  #pending: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  /**
   * @param keep - number of newest checkpoints to keep, in addition to the best.
   * @param last - the newest checkpoint that exists already.
   */
  constructor(folder: RunFolder, keep: number, last: SavedCheckpoint | undefined) {
    this.#folder = folder;
    this.#keep = keep;
    this.#last = last;
  }

  /** The newest checkpoint on disk. */
  get last(): SavedCheckpoint | undefined {
    return this.#last;
  }

  /** The error of a checkpoint that could not be saved. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Starts saving a checkpoint, after waiting for the previous one. The contents must not change afterwards. */
  async save(contents: CheckpointContents): Promise<void> {
    await this.flush();
    this.#pending = this.#write(contents).catch((error) => {
      this.#failure = error;
    });
  }

  /**
   * Waits until the pending checkpoint is on disk.
   *
   * @throws RunWriteError if a checkpoint could not be saved.
   */
  async flush(): Promise<void> {
    await this.#pending;
    if (this.#failure) throw this.#failure;
  }

  async #write(contents: CheckpointContents): Promise<void> {
    const { checkpoints } = this.#folder;
    const { step } = contents.state;
    // Records older than the checkpoint must be on disk before it.
    await this.#folder.flush();
    try {
      this.#last = { step, path: await saveCheckpoint(checkpoints, contents, { keep: this.#keep }) };
    } catch (error) {
      throw new RunWriteError(`the checkpoint of iteration ${step} in ${checkpoints}`, error);
    }
  }
}
