import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { JobRequest, JobState, Jobs } from "./jobs.js";

const PROGRAM = fileURLToPath(new URL("../../bin/dnc.js", import.meta.url));

/** Characters of a process's last words that are kept. */
const KEPT = 2000;

/** Milliseconds between looks at the processes. */
const INTERVAL_MS = 250;

/**
 * Runs jobs as processes of this machine. They are in groups of their own, so that Ctrl-C reaches this process alone. Their output goes
 * through pipes: if this process is killed, they notice at their next line, save and end.
 */
export class LocalJobs implements Jobs {
  readonly interval = INTERVAL_MS;
  readonly #jobs = new Map<string, { readonly child: ChildProcess; state: JobState }>();
  readonly #program: string;

  /** @param program - the script that is started; default: `dnc`. */
  constructor(program: string = PROGRAM) {
    this.#program = program;
  }

  async list(): Promise<ReadonlyMap<string, JobState>> {
    return new Map(Array.from(this.#jobs, ([id, { state }]) => [id, state]));
  }

  async start({ id, words }: JobRequest): Promise<void> {
    if (this.#jobs.has(id)) return;
    const child = spawn(process.execPath, [this.#program, ...words], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const job: { readonly child: ChildProcess; state: JobState } = { child, state: { status: "active", message: "" } };
    this.#jobs.set(id, job);
    let said = "";
    child.stdout.resume();
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-KEPT);
    });
    child.once("error", ({ message }) => {
      job.state = { status: "failed", message };
    });
    child.once("close", (status, signal) => {
      const message = said.trim() || (signal ? `ended by ${signal}` : `ended with status ${status}`);
      job.state = { status: status === 0 ? "succeeded" : "failed", message };
    });
  }

  async stop(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (job?.state.status === "active" && !job.child.killed) job.child.kill("SIGTERM");
  }
  /** Without it, processes that train would keep a sweep alive that failed. */
  dispose(): void {
    for (const id of this.#jobs.keys()) void this.stop(id);
  }
}
