/** Jobs that only write what runs write, with faults, for tests of what a sweep does with them. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@dnc/tasks";
import type { JobRequest, JobState, Jobs } from "../../src/sweep/jobs.js";

/** Options of simulated jobs. */
export interface SimulationOptions {
  /** Iterations of a run, with a report every 10. */
  readonly iterations: number;
  /** Value that a run reports. */
  readonly valueAt: (folder: string, step: number) => number;
  /** Chance that a job fails at a look, from 0 to 1; default: 0. */
  readonly failing?: number;
  readonly seed?: number;
}

/** Jobs that advance by a report whenever they are listed. A job that is resumed goes on after the last report of its run. */
export class SimulatedJobs implements Jobs {
  readonly interval = 0;
  /** Reports that were computed, of every run, in their order. */
  readonly computed = new Map<string, number[]>();
  /** Most jobs that were active at a time. */
  most = 0;
  started = 0;
  readonly #options: SimulationOptions;
  readonly #random;
  readonly #jobs = new Map<string, { folder: string; status: JobState["status"]; message: string }>();

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed ?? 0);
  }

  async list(): Promise<ReadonlyMap<string, JobState>> {
    for (const job of this.#jobs.values()) if (job.status === "active") this.#advance(job);
    return new Map(Array.from(this.#jobs, ([id, { status, message }]) => [id, { status, message }]));
  }

  async start({ id, words }: JobRequest): Promise<void> {
    if (this.#jobs.has(id)) return;
    this.started++;
    this.#jobs.set(id, { folder: words.at(-1) as string, status: "active", message: "" });
    const active = [...this.#jobs.values()].filter(({ status }) => status === "active");
    this.most = Math.max(this.most, active.length);
    const folders = active.map(({ folder }) => folder);
    if (new Set(folders).size < folders.length) throw new Error("two jobs of a run at a time");
  }

  async stop(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (job?.status === "active") job.status = "stopped";
  }

  dispose(): void {}

  /** Forgets all jobs, as processes end when a machine is switched off. */
  lose(): void {
    this.#jobs.clear();
  }

  #advance(job: { folder: string; status: JobState["status"]; message: string }): void {
    const { iterations, valueAt, failing = 0 } = this.#options;
    if (this.#random.integer(0, 999) < 1000 * failing) {
      job.status = "failed";
      job.message = "killed";
      return;
    }
    mkdirSync(job.folder, { recursive: true });
    const path = join(job.folder, "metrics.jsonl");
    const step = 10 * (existsSync(path) ? readFileSync(path, "utf8").split("\n").length : 1);
    if (step <= iterations) {
      const value = valueAt(job.folder, step);
      appendFileSync(path, `${JSON.stringify({ step, loss: value, exact_match: value, seconds: step })}\n`);
      this.computed.set(job.folder, [...(this.computed.get(job.folder) ?? []), step]);
    }
    if (step < iterations) return;
    const checkpoint = join(job.folder, `checkpoints/step-${String(iterations).padStart(8, "0")}`);
    mkdirSync(checkpoint, { recursive: true });
    writeFileSync(join(checkpoint, "state.json"), "{}");
    job.status = "succeeded";
  }
}
