import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { parseMetricsLine } from "@dnc/report";
import type { SweepMetric } from "./sweep-file.js";

/** A report of a run, as rules need it. */
export interface Point {
  readonly step: number;
  /** Value of the sweep's metric. */
  readonly value: number;
  /** Training time since the run began. */
  readonly seconds: number;
}

/** Reads the reports of a run while it is written: each time only what has been added. */
export class History {
  readonly #path: string;
  readonly #metric: SweepMetric;
  #offset = 0;
  /** Number of the file: a run that is resumed may replace it. */
  #inode: number | undefined;
  #points: Point[] = [];
  #error: string | undefined;

  /** @param folder - the folder of the run, which may not exist yet. */
  constructor(folder: string, metric: SweepMetric) {
    this.#path = join(folder, "metrics.jsonl");
    this.#metric = metric;
  }

  /** The reports by step. */
  get points(): readonly Point[] {
    return this.#points;
  }

  /** Why the run diverged; undefined if it did not. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Reads the file from its beginning next time: a run that is resumed discards reports. */
  reset(): void {
    this.#offset = 0;
    this.#inode = undefined;
    this.#points = [];
    this.#error = undefined;
  }

  /** Leaves out what was reported after an iteration: until its job ends, a run that was stopped trains on. */
  endAt(step: number): void {
    this.#points = this.#points.filter((point) => point.step <= step);
  }

  /**
   * Reads what has been added.
   *
   * @returns the number of bytes that were read.
   */
  update(): number {
    const { added, inode } = readFrom(this.#path, this.#offset, this.#inode);
    if (added === undefined) {
      this.reset();
      return this.update();
    }
    this.#inode = inode;
    const end = added.lastIndexOf(0x0a) + 1; // the last line may not be complete
    this.#offset += end;
    for (const line of added.subarray(0, end).toString("utf8").split("\n")) this.#add(line);
    return added.length;
  }

  #add(line: string): void {
    const record = parseMetricsLine(line);
    if (record === undefined) return;
    if (typeof record.error === "string") this.#error = record.error;
    const { step, seconds = 0, [this.#metric]: value } = record;
    if (!Number.isFinite(step) || !Number.isFinite(value)) return;
    this.#error = undefined;
    while ((this.#points.at(-1)?.step ?? -1) >= (step as number)) this.#points.pop();
    this.#points.push({ step: step as number, value: value as number, seconds: Number(seconds) });
  }
}

const NOTHING = Buffer.alloc(0);

/** Reads a file from an offset on; nothing if there is none, undefined if it is shorter or another one. */
function readFrom(
  path: string,
  offset: number,
  known: number | undefined,
): { readonly added: Buffer | undefined; readonly inode?: number } {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { added: NOTHING };
    throw error;
  }
  try {
    const { size, ino: inode } = fstatSync(file);
    if (size < offset || (known !== undefined && known !== inode)) return { added: undefined };
    const bytes = Buffer.alloc(size - offset);
    return { added: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset)), inode };
  } finally {
    closeSync(file);
  }
}
