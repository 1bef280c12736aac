import { existsSync, statSync } from "node:fs";
import { appendFile, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeNew } from "./durable.js";
import { FLAGS, type Settings } from "./flags.js";
import { UsageError } from "./usage-error.js";

/** Flags that say where and how to show a run, not what it computes. */
const NOT_RECORDED = ["checkpoint_dir", "json", "threads"];

/** What a run's folder holds. */
const RUN_PARTS = ["config.json", "metrics.jsonl", "samples", "checkpoints"];

/**
 * What repeats a run: the settings under the flags' names, so that `--config` takes it back.
 *
 * @param resolved - the seed and backend that were really used.
 */
export function runConfig(settings: Settings, resolved: { seed: number; backend: string }): object {
  const all = { ...settings, ...resolved };
  const names = FLAGS.filter((flag) => !("onlyFor" in flag) || flag.onlyFor === settings.task)
    .map(({ name }) => name)
    .filter((name) => !NOT_RECORDED.includes(name));
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

/** `runs/repeat-copy-20250131-235959-seed7`; `RunFolder.createNew` adds a number where that is taken. */
export function defaultRunFolder(task: string, seed: number, now = new Date()): string {
  const digits = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${digits(now.getMonth() + 1)}${digits(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(digits).join("");
  return join("runs", `${task}-${day}-${time}-seed${seed}`);
}

/**
 * Refuses a folder that cannot become a new run's; writes nothing.
 *
 * @throws UsageError if there is a run already, or no folder.
 */
export function checkRunFolder(path: string): void {
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`--checkpoint_dir: expected a folder, got ${path} (${(error as Error).message})`);
  }
  if (found && !found.isDirectory()) throw new UsageError(`--checkpoint_dir: expected a folder, got the file ${path}`);
  const part = RUN_PARTS.find((name) => existsSync(join(path, name)));
  if (part) {
    throw new UsageError(`--checkpoint_dir: expected a folder without a run in it, got ${path}, which has ${part}`);
  }
}

/** Takes back one thing that was made. */
type Undo = () => Promise<void>;

/** The folder of one run: config.json, metrics.jsonl, samples/, checkpoints/. */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder, or takes one that is there; of two that try at once one fails.
   *
   * @throws UsageError if it cannot be made; then nothing of it remains.
   */
  static async create(path: string, config: object): Promise<RunFolder> {
    const undo: Undo[] = [];
    try {
      await makeFolder(path, undo);
      await fill(path, config, undo);
    } catch (error) {
      await undoAll(undo);
      throw notWritable(path, error);
    }
    return new RunFolder(path);
  }

  /**
   * Makes a folder that was not there: `path`, or where that is taken `path-2`, `path-3` and so on. Two that try at once
   * get two folders.
   *
   * @throws UsageError if none can be made; then nothing of it remains.
   */
  static async createNew(path: string, config: object): Promise<RunFolder> {
    const undo: Undo[] = [];
    let candidate = path;
    try {
      await makeFolder(dirname(path), undo);
      for (let number = 2; !(await isMade(candidate, undo)); number++) candidate = `${path}-${number}`;
      await fill(candidate, config, undo);
    } catch (error) {
      await undoAll(undo);
      throw notWritable(candidate, error);
    }
    return new RunFolder(candidate);
  }

  get checkpoints(): string {
    return join(this.path, "checkpoints");
  }

  /** Appends one line to metrics.jsonl. */
  async addMetrics(record: object): Promise<void> {
    await appendFile(join(this.path, "metrics.jsonl"), `${JSON.stringify(record)}\n`);
  }

  /** Writes a rendered sample, without waiting for the disk; returns its path inside the folder. */
  async addSample(step: number, text: string): Promise<string> {
    const name = `samples/${stepName(step)}.txt`;
    await writeFile(join(this.path, name), `${text.trim()}\n`, { flag: "wx" });
    return name;
  }
}

/** Like mkdir with `recursive`, which on Node 20 never returns where a folder's parent takes no folders (/proc). */
async function makeFolder(path: string, undo: Undo[]): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, undo);
  // If not, another run was faster.
  await isMade(path, undo);
}

/** false if the path is taken. */
async function isMade(path: string, undo: Undo[]): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  undo.push(() => rmdir(path));
  return true;
}

/** config.json first: only one run can write it. */
async function fill(path: string, config: object, undo: Undo[]): Promise<void> {
  const file = join(path, "config.json");
  await writeNew(file, `${JSON.stringify(config, null, 2)}\n`);
  undo.push(() => rm(file));
  await makeFolder(join(path, "samples"), undo);
  await makeFolder(join(path, "checkpoints"), undo);
}

/** Last made, first removed; a folder that someone else uses by now stays. */
async function undoAll(undo: readonly Undo[]): Promise<void> {
  for (const each of [...undo].reverse()) await each().catch(() => {});
}

function notWritable(path: string, error: unknown): UsageError {
  return new UsageError(`--checkpoint_dir: expected a folder to write to, got ${path} (${(error as Error).message})`);
}

/** `step-00000100`: sorts as the steps do. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(8, "0")}`;
}
