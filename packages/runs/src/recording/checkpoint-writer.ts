import { type CheckpointContents, saveCheckpoint } from "@dnc/checkpoint/node";
import type { RunFolder } from "../folder/run-folder.js";
import { RunWriteError } from "../run-write-error.js";

/** A checkpoint on the disk. */
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
   * @param keep - how many of the newest stay, besides the best.
   * @param last - the newest one that is there already.
   */
  constructor(folder: RunFolder, keep: number, last: SavedCheckpoint | undefined) {
    this.#folder = folder;
    this.#keep = keep;
    this.#last = last;
  }

  /** The newest checkpoint that is on the disk. */
  get last(): SavedCheckpoint | undefined {
    return this.#last;
  }

  /** Why the last one could not be saved. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Starts to save, once the one before is on the disk. The contents are taken as they are now. */
  async save(contents: CheckpointContents): Promise<void> {
    await this.flush();
    this.#pending = this.#write(contents).catch((error) => {
      this.#failure = error;
    });
  }

  /**
   * Waits for the disk.
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
    // What was recorded before the checkpoint must be there with it.
    await this.#folder.flush();
    try {
      this.#last = { step, path: await saveCheckpoint(checkpoints, contents, { keep: this.#keep }) };
    } catch (error) {
      throw new RunWriteError(`the checkpoint of iteration ${step} in ${checkpoints}`, error);
    }
  }
}
