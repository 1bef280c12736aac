import { existsSync, statSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
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

/** `runs/repeat-copy-20250131-235959-seed7`; a number is added where that is taken. */
export function defaultRunFolder(task: string, seed: number, now = new Date()): string {
  const digits = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${digits(now.getMonth() + 1)}${digits(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(digits).join("");
  const path = join("runs", `${task}-${day}-${time}-seed${seed}`);
  let candidate = path;
  for (let number = 2; existsSync(candidate); number++) candidate = `${path}-${number}`;
  return candidate;
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

/** The folder of one run: config.json, metrics.jsonl, samples/, checkpoints/. */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder; of two that try at once one fails.
   *
   * @throws UsageError if it cannot be made.
   */
  static async create(path: string, config: object): Promise<RunFolder> {
    try {
      await makeFolder(path);
      await writeNew(join(path, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
      await makeFolder(join(path, "samples"));
      await makeFolder(join(path, "checkpoints"));
    } catch (error) {
      throw new UsageError(
        `--checkpoint_dir: expected a folder to write to, got ${path} (${(error as Error).message})`,
      );
    }
    return new RunFolder(path);
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
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  await mkdir(path);
}

/** `step-00000100`: sorts as the steps do. */
export function stepName(step: number): string {
  return `step-${String(step).padStart(8, "0")}`;
}
