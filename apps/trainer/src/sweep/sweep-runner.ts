import { readCheckpoints } from "@dnc/runs/read";
import { type Candidate, type Decisions, decide } from "./decide.js";
import type { EventLog, SweepAction, SweepEvent } from "./events.js";
import { History } from "./history.js";
import type { JobState, Jobs } from "./jobs.js";
import type { SweepRun } from "./plan-runs.js";
import { lastLine } from "./quoted-line.js";
import { afterEvent, INITIAL, type RunState } from "./run-state.js";
import type { Sweep } from "./sweep-file.js";

/** A run with its state. */
export interface RunOfSweep extends SweepRun {
  readonly folder: string;
  /** Iterations of the complete run. */
  readonly iterations: number;
  /** Whether an exact match may end it early. */
  readonly hasUntil: boolean;
}

/** Parts of a runner. */
export interface RunnerOptions {
  readonly sweep: Pick<Sweep, "goal" | "budget" | "stop" | "attempts" | "metric">;
  readonly runs: readonly RunOfSweep[];
  readonly jobs: Jobs;
  readonly events: EventLog;
  /** Runs at a time. */
  readonly atOnce: number;
  /** Returns the name of a job. */
  readonly jobId: (run: RunOfSweep, submission: number) => string;
  /** Returns the words of `dnc` for a run. */
  readonly wordsOf: (run: RunOfSweep) => readonly string[];
  /** Called with each event after it is recorded. */
  readonly onEvent?: ((event: SweepEvent) => void) | undefined;
  /** Clock in milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** What a run that found its folder locked says: the process that has it was of an earlier submission, and will end. */
const LOCKED = /another run is writing there/;
/** What Ray says of a job for which the cluster had no room. */
const NO_ROOM = /failed to start within/;
/** Lists in a row without a job that was started, after which the cluster has forgotten it, because its head was started again. */
const MISSING_LISTS = 3;
/** Milliseconds before a run whose folder was locked is tried again. */
const LOCKED_MS = 2000;

interface Entry {
  readonly run: RunOfSweep;
  readonly history: History;
  state: RunState;
  notBefore: number;
  /** Lists in a row that did not have its job. */
  missing: number;
}

/** Carries out a sweep: starts runs, reads their reports, applies rules, and records what it does before it does it. */
export class SweepRunner {
  readonly #options: RunnerOptions;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #now: () => number;
  /** Submissions that this process knows to be started. */
  readonly #started = new Set<string>();

  /** Takes up what the events say. */
  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    const { metric } = options.sweep;
    this.#entries = new Map(
      options.runs.map((run) => {
        const history = new History(run.folder, metric);
        return [run.name, { run, history, state: INITIAL, notBefore: 0, missing: 0 }];
      }),
    );
    for (const event of options.events.read()) {
      const entry = this.#entries.get(event.run);
      if (entry) entry.state = afterEvent(entry.state, event);
    }
    for (const { state, history } of this.#entries.values()) {
      if (state.submission > 0) history.update();
      if (state.step !== undefined) history.endAt(state.step);
    }
  }

  /** The runs with their states and newest values, in the order of the plan. */
  get runs(): readonly (RunOfSweep & {
    readonly state: RunState;
    readonly last: { step: number; value: number } | undefined;
  })[] {
    return Array.from(this.#entries.values(), ({ run, state, history }) => ({
      ...run,
      state,
      last: history.points.at(-1),
    }));
  }

  /** Whether every run has ended. */
  get isDone(): boolean {
    return [...this.#entries.values()].every(({ state }) => hasEnded(state));
  }

  /** Looks at jobs and reports once, and does what follows from them. */
  async tick(): Promise<void> {
    const listed = await this.#options.jobs.list();
    for (const entry of this.#entries.values()) if (entry.state.status === "running") await this.#look(entry, listed);
    const decisions = this.#decisions();
    for (const entry of this.#entries.values()) this.#apply(entry, decisions);
    let active = 0;
    for (const entry of this.#entries.values()) {
      const isActive = this.#isActive(entry, listed);
      if (isActive && entry.state.status !== "running") await this.#options.jobs.stop(this.#idOf(entry));
      if (isActive || entry.state.status === "running") active++;
    }
    for (const entry of this.#entries.values()) {
      if (active >= this.#options.atOnce) break;
      if (!this.#canStart(entry, decisions) || this.#isActive(entry, listed)) continue;
      await this.#start(entry);
      active++;
    }
  }

  /**
   * Asks all jobs to save and end; their runs go on when the sweep is started again.
   *
   * @returns the number of jobs that have not ended. Those that wait for room are not among them: they end as soon as they begin, which
   *   may take Ray a quarter of an hour.
   */
  async stopAll(): Promise<number> {
    const listed = await this.#options.jobs.list();
    for (const entry of this.#entries.values())
      if (entry.state.status === "running")
        this.#record(entry, { event: "interrupted", reason: "the sweep was ended" });
    const active = [...this.#entries.values()].filter((entry) => this.#isActive(entry, listed));
    for (const entry of active) await this.#options.jobs.stop(this.#idOf(entry));
    return active.filter((entry) => !listed.get(this.#idOf(entry))?.isPending).length;
  }

  /** Reads the reports of a run that trains, and records the end of its job. */
  async #look(entry: Entry, listed: ReadonlyMap<string, JobState>): Promise<void> {
    const { history, state } = entry;
    const id = this.#idOf(entry);
    const job = listed.get(id);
    history.update();
    if (job === undefined) {
      // If this process has not started it, an earlier one did, which was killed, perhaps before it started the job.
      if (this.#started.has(id) && ++entry.missing < MISSING_LISTS) return;
      this.#record(entry, { event: "resumed", submission: state.submission });
      await this.#submit(entry);
      return;
    }
    entry.missing = 0;
    if (job.status !== "active") await this.#settle(entry, job);
  }

  async #settle(entry: Entry, { status, message }: JobState): Promise<void> {
    const { run, history, state } = entry;
    const last = history.points.at(-1);
    const saved = (await readCheckpoints(run.folder)).at(-1)?.step ?? 0;
    if (saved >= run.iterations || (run.hasUntil && status === "succeeded" && saved > 0)) {
      this.#record(entry, { event: "finished", step: saved, value: last?.value ?? null });
      return;
    }
    if (LOCKED.test(message) || NO_ROOM.test(message)) {
      entry.notBefore = this.#now() + LOCKED_MS;
      this.#record(entry, { event: "interrupted", reason: lastLine(message) });
      return;
    }
    const failures = state.failures + 1;
    const isElsewhere = status === "succeeded" && last === undefined && saved === 0;
    const reason =
      history.error ?? (isElsewhere ? `its job ended well, but ${run.folder} has nothing of it` : lastLine(message));
    // Training that diverged would do so again.
    const isFinal = history.error !== undefined || failures >= this.#options.sweep.attempts;
    this.#record(entry, { event: isFinal ? "failed" : "tried", reason, failures });
  }

  #decisions(): Decisions {
    const candidates = Array.from(this.#entries.values(), ({ run, history, state }): Candidate => {
      const ended = state.status === "failed" ? "failed" : hasEnded(state) ? "ended" : "active";
      return { name: run.name, iterations: run.iterations, points: history.points, state: ended };
    });
    return decide(this.#options.sweep, candidates);
  }

  #apply(entry: Entry, { stopped, held }: Decisions): void {
    const { run, history, state } = entry;
    if (hasEnded(state)) return;
    const verdict = stopped.get(run.name);
    // A run that had its time is as complete as the others.
    if (verdict?.rule === "minutes")
      this.#record(entry, { event: "finished", step: verdict.step, value: verdict.value, minutes: verdict.bound });
    else if (verdict) this.#record(entry, { event: "stopped", ...verdict });
    else if (held.has(run.name) && state.status === "running")
      this.#record(entry, { event: "paused", step: history.points.at(-1)?.step ?? 0 });
  }

  #canStart({ run, state, notBefore }: Entry, { held }: Decisions): boolean {
    if (state.status !== "waiting" && state.status !== "paused") return false;
    return !held.has(run.name) && notBefore <= this.#now();
  }

  async #start(entry: Entry): Promise<void> {
    const submission = entry.state.submission + 1;
    this.#record(entry, { event: submission === 1 ? "started" : "resumed", submission });
    await this.#submit(entry);
  }

  async #submit(entry: Entry): Promise<void> {
    const id = this.#idOf(entry);
    entry.history.reset();
    entry.missing = 0;
    this.#started.add(id);
    await this.#options.jobs.start({ id, words: this.#options.wordsOf(entry.run) });
  }

  #isActive(entry: Entry, listed: ReadonlyMap<string, JobState>): boolean {
    return entry.state.submission > 0 && listed.get(this.#idOf(entry))?.status === "active";
  }

  #idOf({ run, state }: Entry): string {
    return this.#options.jobId(run, state.submission);
  }

  #record(entry: Entry, action: SweepAction): void {
    const complete: SweepEvent = { run: entry.run.name, ...action };
    this.#options.events.append(complete);
    entry.state = afterEvent(entry.state, complete);
    if (entry.state.step !== undefined) entry.history.endAt(entry.state.step);
    this.#options.onEvent?.(complete);
  }
}

/** Whether a run will not be started again. */
export function hasEnded({ status }: RunState): boolean {
  return status === "finished" || status === "stopped" || status === "failed";
}
