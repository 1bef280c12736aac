import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { encodeEventFileStart, encodeSummary, type SummaryValue } from "@dnc/report";
import { nextFileName } from "./event-file-name.js";

/** Options of `EventFile.create`. */
export interface EventFileOptions {
  /** Step after which the run resumes; 0 for a new run. */
  readonly step: number;
  /** Clock in seconds since 1970; default: the system's. */
  readonly now?: () => number;
}

/**
 * An event file of TensorBoard: curves, texts and images by step.
 *
 * A resumed run gets a new file, which makes TensorBoard ignore later steps in earlier files. Events are complete or absent, in
 * the order in which they were added.
 */
export class EventFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #now: () => number;
  /** Bytes of complete records. */
  #size = 0;
  /** Settles when all events that were added are written or have failed. */
  #idle: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, now: () => number) {
    this.path = path;
    this.#file = file;
    this.#now = now;
  }

  /**
   * Creates an event file that TensorBoard reads after all others in the folder.
   *
   * @param folder - an existing folder.
   * @throws RangeError (as a rejection, like the others) if `step` is not an integer of at least 0; the system's error
   *   if the file cannot be written; then no file remains.
   */
  static async create(folder: string, options: EventFileOptions): Promise<EventFile> {
    const { step, now = () => Date.now() / 1000 } = options;
    checkStep(step);
    const time = now();
    const { path, file } = await openNew(folder, time);
    const eventFile = new EventFile(path, file, now);
    try {
      // Every file has a start event; TensorBoard discards nothing for that of the first file in a folder.
      await eventFile.#append(encodeEventFileStart(time, step === 0 ? 0 : step + 1));
    } catch (error) {
      await file.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
    return eventFile;
  }

  /**
   * Appends one event.
   *
   * @throws RangeError (as a rejection) if `step` is not an integer of at least 0; the system's error if the event
   *   cannot be written; then the file is unchanged.
   */
  async add(step: number, values: readonly SummaryValue[]): Promise<void> {
    checkStep(step);
    await this.#append(encodeSummary(this.#now(), step, values));
  }

  /** Flushes the file to the disk and closes it. */
  async close(): Promise<void> {
    await this.#idle;
    try {
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }

  #append(bytes: Uint8Array): Promise<void> {
    const written = this.#idle.then(() => this.#write(bytes));
    this.#idle = written.catch(() => {});
    return written;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
    } catch (error) {
      // TensorBoard reads nothing after an incomplete record.
      await this.#file.truncate(this.#size).catch(() => {});
      throw error;
    }
    this.#size += bytes.length;
  }
}

function checkStep(step: number): void {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new RangeError(`step: expected a whole number of at least 0, got ${step}`);
}

/** Creates a file with a new name, even if another process creates one at the same time. */
async function openNew(folder: string, time: number): Promise<{ path: string; file: FileHandle }> {
  for (;;) {
    const path = join(folder, nextFileName(await readdir(folder), time));
    try {
      return { path, file: await open(path, "ax") };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
