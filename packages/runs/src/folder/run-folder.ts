import { appendFile, open, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "@dnc/checkpoint/node";
import { visibleLine } from "@dnc/report";
import { type ReportRecord, samplePath } from "../contents/report-record.js";
import { checkCopyable, copyContents } from "../files/copy-contents.js";
import { makeFolder, tryMakeDirectory, type Undo, undoAll } from "../files/make-folder.js";
import { lstatIfPresent } from "../files/not-found.js";
import { RunFolderError } from "../run-folder-error.js";
import { RunWriteError } from "../run-write-error.js";
import { lockRun, type RunLock } from "./run-lock.js";
import { CHECKPOINTS, CONFIG_FILE, checkpointsOf, isEventFile, METRICS_FILE, RUN_PARTS, SAMPLES } from "./run-parts.js";
import { checkParts, readMetrics, recordsUpTo, reportIn } from "./run-records.js";

/** The folder of a run, locked until `close`: config.json, metrics.jsonl, samples/, checkpoints/. */
export class RunFolder {
  readonly path: string;
  readonly #lock: RunLock;

  private constructor(path: string, lock: RunLock) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Creates a run in a new or existing folder. If two processes do so at once, one of them fails.
   *
   * @throws RunFolderError if it cannot be created; then nothing of it remains.
   */
  static async create(path: string, config: object, label?: string): Promise<RunFolder> {
    const undo: Undo[] = [];
    try {
      await makeFolder(path, undo);
      return new RunFolder(path, await initializeRunFolder(path, config, undo));
    } catch (error) {
      await undoAll(undo);
      throw notWritable(path, error, label);
    }
  }

  /**
   * Creates a run in a new folder: `path`, or `path-2`, `path-3` and so on if it exists. Two processes get two.
   *
   * @throws RunFolderError if none can be created; then nothing of it remains.
   */
  static async createNew(path: string, config: object, label?: string): Promise<RunFolder> {
    const undo: Undo[] = [];
    let candidate = path;
    try {
      await makeFolder(dirname(path), undo);
      for (let number = 2; !(await tryMakeDirectory(candidate, undo)); number++) candidate = `${path}-${number}`;
      return new RunFolder(candidate, await initializeRunFolder(candidate, config, undo));
    } catch (error) {
      await undoAll(undo);
      throw notWritable(candidate, error, label);
    }
  }

  /**
   * Opens a run's folder to resume the run.
   *
   * @param label - names the folder in error messages.
   * @throws RunFolderError if another process has locked it, or it cannot be written.
   */
  static async open(path: string, label?: string): Promise<RunFolder> {
    try {
      checkParts(path);
      const lock = await lockRun(path);
      // The process that created the folder may have been killed before it created these.
      for (const name of [SAMPLES, CHECKPOINTS]) await makeFolder(join(path, name), []);
      return new RunFolder(path, lock);
    } catch (error) {
      throw notWritable(path, error, label);
    }
  }

  /**
   * Copies a run to another folder, to resume it there: links are followed, and nothing is shared.
   *
   * @param labels - name the two folders in error messages.
   * @param check - called with the path of the copy; if it throws, the copy is removed; default: no check.
   * @throws RunFolderError if the folder cannot be created, or a file of the run cannot be copied; errors of `check`.
   */
  static async copy(
    from: string,
    path: string,
    labels: { readonly from: string; readonly to: string },
    check: (path: string) => Promise<void> = async () => {},
  ): Promise<RunFolder> {
    checkParts(from);
    const undo: Undo[] = [];
    try {
      await checkCopyable(from, labels.from);
      await makeFolder(path, undo);
      const lock = await lockRun(path);
      undo.push(async () => lock.release());
      const isPart = (name: string) => RUN_PARTS.includes(name) || isEventFile(name);
      for (const name of (await readdir(from)).filter(isPart)) {
        const to = join(path, name);
        if (lstatIfPresent(to)) throw Object.assign(new Error(`${to} is there by now`), { code: "EEXIST" });
        undo.push(() => rm(to, { recursive: true, force: true }));
        await copyContents(join(from, name), to, labels.from);
      }
      for (const name of [SAMPLES, CHECKPOINTS]) await makeFolder(join(path, name), undo);
      await check(path);
      return new RunFolder(path, lock);
    } catch (error) {
      await undoAll(undo);
      throw notWritable(path, error, labels.to);
    }
  }

  get checkpoints(): string {
    return checkpointsOf(this.path);
  }

  /** Replaces config.json. */
  async setConfig(config: object): Promise<void> {
    await this.#write(CONFIG_FILE, (path) => writeFileAtomic(path, configText(config)));
  }

  /** Appends one line to metrics.jsonl. */
  async addMetrics(record: object): Promise<void> {
    await this.#write(METRICS_FILE, (path) => appendFile(path, `${JSON.stringify(record)}\n`));
  }

  /** Writes a rendered sample, without flushing it to the disk; returns its path inside the folder. */
  async addSample(step: number, text: string): Promise<string> {
    const name = samplePath(step);
    await this.#write(name, (path) => writeFile(path, `${text.trim()}\n`, { flag: "wx" }));
    return name;
  }

  /** Flushes metrics.jsonl to the disk. */
  async flush(): Promise<void> {
    await this.#write(METRICS_FILE, async (path) => {
      const file = await open(path, "a");
      await file.datasync().finally(() => file.close());
    });
  }

  /**
   * Deletes all records after a step: a run that resumes there writes them again.
   *
   * @returns the first and the last remaining report; undefined if none remains.
   */
  async truncateAfter(
    step: number,
  ): Promise<{ readonly firstReport: ReportRecord | undefined; readonly lastReport: ReportRecord | undefined }> {
    const metrics = await readMetrics(this.path);
    const kept = recordsUpTo(step, metrics);
    const text = kept.map((line) => `${line}\n`).join("");
    if (text !== metrics) await this.#write(METRICS_FILE, (path) => writeFileAtomic(path, Buffer.from(text, "latin1")));
    for (const name of await readdir(join(this.path, SAMPLES))) {
      const [, digits] = /^step-(\d+)\.txt$/.exec(name) ?? [];
      if (Number(digits) > step) await this.#write(`${SAMPLES}/${name}`, (path) => rm(path));
    }
    const reports = kept.map(reportIn).filter((report) => report !== undefined);
    return { firstReport: reports[0], lastReport: reports.at(-1) };
  }

  /** Unlocks the folder. */
  close(): void {
    this.#lock.release();
  }

  async #write(name: string, write: (path: string) => Promise<unknown>): Promise<void> {
    const path = join(this.path, name);
    try {
      await write(path);
    } catch (error) {
      throw new RunWriteError(path, error);
    }
  }
}

/** Creates the contents of a new folder: first the lock and config.json, which only one process can create. */
async function initializeRunFolder(path: string, config: object, undo: Undo[]): Promise<RunLock> {
  const lock = await lockRun(path);
  undo.push(async () => lock.release());
  const file = join(path, CONFIG_FILE);
  if (lstatIfPresent(file)) throw Object.assign(new Error(`another run is there by now`), { code: "EEXIST" });
  await writeFileAtomic(file, configText(config));
  undo.push(() => rm(file));
  await makeFolder(join(path, SAMPLES), undo);
  await makeFolder(join(path, CHECKPOINTS), undo);
  return lock;
}

function configText(config: object): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

function notWritable(path: string, error: unknown, label = "folder"): RunFolderError {
  if (error instanceof RunFolderError) return error;
  return new RunFolderError(
    `${label}: expected a folder to write to, got ${visibleLine(path)} (${(error as Error).message})`,
  );
}
