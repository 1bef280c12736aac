import { readdirSync, statSync } from "node:fs";
import { appendFile, open, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stepName, writeFileAtomic } from "@dnc/checkpoint/node";
import { lookAt, saysAbsent } from "../files/absent.js";
import { copyContents, refuseSpecial } from "../files/copy-contents.js";
import { makeFolder, tryMakeDirectory, type Undo, undoAll } from "../files/make-folder.js";
import type { ReportRecord } from "../terminal/reporter.js";
import { visibleLine } from "../terminal/visible.js";
import { UsageError } from "../usage-error.js";
import { lockRun, type RunLock } from "./run-lock.js";
import { CONFIG_FILE, checkpointsOf, METRICS_FILE, SAMPLES } from "./run-parts.js";
import { checkParts, readMetrics, recordsUpTo, reportIn } from "./run-records.js";
import { RunWriteError } from "./run-write-error.js";

const CHECKPOINTS = "checkpoints";

/** Contents of a run's folder. */
const RUN_PARTS = [CONFIG_FILE, METRICS_FILE, SAMPLES, CHECKPOINTS];

/** `runs/repeat-copy-20250131-235959-seed7`; `RunFolder.createNew` adds a number if that is taken. */
export function defaultRunFolder(task: string, seed: number, now = new Date()): string {
  const digits = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${digits(now.getMonth() + 1)}${digits(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(digits).join("");
  return join("runs", `${task}-${day}-${time}-seed${seed}`);
}

/**
 * Inspects a path for a run; writes nothing.
 *
 * @returns `"new"` if a new run can have it, `"run"` if it holds one.
 * @throws UsageError if it is not a folder, or has something that a run would overwrite.
 */
export function inspectRunFolder(path: string): "new" | "run" {
  let isFolder = true;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    // Not `throwIfNoEntry`, which from Node 22 on takes a path below a file for one that is free.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new UsageError(
        `--checkpoint_dir: expected a folder, got ${visibleLine(path)} (${(error as Error).message})`,
      );
  }
  if (!isFolder) throw new UsageError(`--checkpoint_dir: expected a folder, got the file ${visibleLine(path)}`);
  let part: string | undefined;
  try {
    const has = (name: string) => lookAt(join(path, name)) !== undefined;
    if (has(CONFIG_FILE)) return "run";
    part = RUN_PARTS.find(has);
  } catch (error) {
    throw new UsageError(
      `--checkpoint_dir: expected a folder to read, got ${visibleLine(path)} (${(error as Error).message})`,
    );
  }
  if (part === undefined) return "new";
  throw new UsageError(
    `--checkpoint_dir: expected a new folder or a run's, got ${visibleLine(path)}, which has ${part} but no ${CONFIG_FILE}`,
  );
}

/** The folder of a run, locked until `close`: config.json, metrics.jsonl, samples/, checkpoints/. */
export class RunFolder {
  readonly path: string;
  readonly #lock: RunLock;

  private constructor(path: string, lock: RunLock) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Creates the folder, or uses one that is there; of two processes at once one fails.
   *
   * @throws UsageError if it cannot be created; then nothing of it remains.
   */
  static async create(path: string, config: object): Promise<RunFolder> {
    const undo: Undo[] = [];
    try {
      await makeFolder(path, undo);
      return new RunFolder(path, await initializeRunFolder(path, config, undo));
    } catch (error) {
      await undoAll(undo);
      throw notWritable(path, error);
    }
  }

  /**
   * Creates a new folder: `path`, or if that is taken `path-2`, `path-3` and so on. Two processes at once get two folders.
   *
   * @throws UsageError if none can be created; then nothing of it remains.
   */
  static async createNew(path: string, config: object): Promise<RunFolder> {
    const undo: Undo[] = [];
    let candidate = path;
    try {
      await makeFolder(dirname(path), undo);
      for (let number = 2; !(await tryMakeDirectory(candidate, undo)); number++) candidate = `${path}-${number}`;
      return new RunFolder(candidate, await initializeRunFolder(candidate, config, undo));
    } catch (error) {
      await undoAll(undo);
      throw notWritable(candidate, error);
    }
  }

  /**
   * Opens a run's folder to resume the run.
   *
   * @param label - names the folder in error messages.
   * @throws UsageError if another process writes there, or this one may not.
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
   * @param check - of the copy, by its path; if it throws, nothing of the copy remains.
   * @throws UsageError if the folder cannot be created, or something in the run cannot be copied; what `check` throws.
   */
  static async copy(
    from: string,
    path: string,
    check: (path: string) => Promise<void> = async () => {},
  ): Promise<RunFolder> {
    checkParts(from);
    const undo: Undo[] = [];
    try {
      await refuseSpecial(from);
      await makeFolder(path, undo);
      const lock = await lockRun(path);
      undo.push(async () => lock.release());
      const isPart = (name: string) => RUN_PARTS.includes(name) || isEventFile(name);
      for (const name of (await readdir(from)).filter(isPart)) {
        const to = join(path, name);
        if (lookAt(to)) throw Object.assign(new Error(`${to} is there by now`), { code: "EEXIST" });
        undo.push(() => rm(to, { recursive: true, force: true }));
        await copyContents(join(from, name), to);
      }
      for (const name of [SAMPLES, CHECKPOINTS]) await makeFolder(join(path, name), undo);
      await check(path);
      return new RunFolder(path, lock);
    } catch (error) {
      await undoAll(undo);
      throw notWritable(path, error);
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

  /** Writes a rendered sample, without waiting for the disk; returns its path inside the folder. */
  async addSample(step: number, text: string): Promise<string> {
    const name = `${SAMPLES}/${stepName(step)}.txt`;
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
   * Deletes everything that was recorded after a step: a run that resumes there will record it again.
   *
   * @returns the first report that remains, if one does.
   */
  async truncateAfter(step: number): Promise<ReportRecord | undefined> {
    const metrics = await readMetrics(this.path);
    const kept = recordsUpTo(step, metrics);
    const text = kept.map((line) => `${line}\n`).join("");
    if (text !== metrics) await this.#write(METRICS_FILE, (path) => writeFileAtomic(path, Buffer.from(text, "latin1")));
    for (const name of await readdir(join(this.path, SAMPLES))) {
      const [, digits] = /^step-(\d+)\.txt$/.exec(name) ?? [];
      if (Number(digits) > step) await this.#write(`${SAMPLES}/${name}`, (path) => rm(path));
    }
    return kept.map(reportIn).find((report) => report !== undefined);
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

/** Paths of everything that belongs to a run, which no other command may write to. */
export function ownParts(run: string): string[] {
  const names = new Set([...RUN_PARTS, "lock"]);
  try {
    for (const name of readdirSync(run)) if (isEventFile(name)) names.add(name);
  } catch (error) {
    if (!saysAbsent(error)) throw error;
  }
  return Array.from(names, (name) => join(run, name));
}

function isEventFile(name: string): boolean {
  return name.startsWith("events.out.tfevents.");
}

/** Fills a new folder, the lock and config.json first: only one run gets them. */
async function initializeRunFolder(path: string, config: object, undo: Undo[]): Promise<RunLock> {
  const lock = await lockRun(path);
  undo.push(async () => lock.release());
  const file = join(path, CONFIG_FILE);
  if (lookAt(file)) throw Object.assign(new Error(`another run is there by now`), { code: "EEXIST" });
  await writeFileAtomic(file, configText(config));
  undo.push(() => rm(file));
  await makeFolder(join(path, SAMPLES), undo);
  await makeFolder(join(path, CHECKPOINTS), undo);
  return lock;
}

function configText(config: object): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

function notWritable(path: string, error: unknown, label = "--checkpoint_dir"): UsageError {
  if (error instanceof UsageError) return error;
  return new UsageError(
    `${label}: expected a folder to write to, got ${visibleLine(path)} (${(error as Error).message})`,
  );
}
