import { parseMetrics, parseMetricsLine } from "@dnc/report";
import type { Learning } from "./learning.js";
import { type FetchFile, MetricsTail } from "./metrics-tail.js";

/** Time between two looks at a run, in milliseconds, and the longest one at a server that does not answer. */
const INTERVAL_MS = 1000;
const LONGEST_INTERVAL_MS = 16_000;

/** Looks without a new report after which a missing checkpoint is looked for again. */
const CHECKPOINT_PATIENCE = 10;

/** A run that is followed. */
export interface FollowedRun extends Learning {
  /** False: the server does not answer, or the folder is gone; it is tried again. */
  readonly isReachable: boolean;
  /** Name of the newest checkpoint: `step-00000100`; undefined: there is none yet. */
  readonly checkpoint: string | undefined;
}

/** How a run is followed. */
export interface FollowOptions {
  /** Name of the run. */
  readonly name: string;
  readonly fetch: FetchFile;
  /** Called after each look that has found something. */
  readonly onChange: (run: FollowedRun) => void;
  /** Called with the name of each new checkpoint, the first one too. */
  readonly onCheckpoint: (name: string) => void;
}

/** Follows a run's folder while it is written. */
export class RunFollower {
  readonly #options: FollowOptions;
  readonly #metrics: MetricsTail;
  #run: FollowedRun;
  #failures = 0;
  #looksWithoutReport = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  #looking: Promise<void> | undefined;
  #hasLooked = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#run = { name: options.name, reports: [], isReachable: true, checkpoint: undefined };
    this.#metrics = new MetricsTail("metrics.jsonl", options.fetch);
  }

  get run(): FollowedRun {
    return this.#run;
  }

  /** Looks at once, and then regularly until `stop`; again after `stop`, too. */
  start(): void {
    this.#isStopped = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      await this.look();
      if (this.#isStopped) return;
      const wait = Math.min(INTERVAL_MS * 2 ** this.#failures, LONGEST_INTERVAL_MS);
      this.#timer = setTimeout(() => this.start(), wait);
    });
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Looks once. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const found = await this.#metrics.read();
    if (found === "unreachable") {
      this.#failures++;
      if (this.#run.isReachable) this.#change({ isReachable: false });
      return;
    }
    const isBack = this.#failures > 0;
    this.#failures = 0;
    const isNew = found === "grown" || found === "replaced";
    this.#looksWithoutReport = isNew ? 0 : this.#looksWithoutReport + 1;
    if (isNew || isBack) await this.#readReports();
    // A run that has nothing yet is shown, too.
    else if (!this.#hasLooked) this.#change({ isReachable: true });
    this.#hasLooked = true;
    if (this.#run.iterations === undefined) await this.#readIterations();
    if (this.#run.checkpoint !== undefined || this.#looksWithoutReport % CHECKPOINT_PATIENCE === 0)
      await this.#readCheckpoint();
  }

  async #readReports(): Promise<void> {
    const { text } = this.#metrics;
    const { reports, error } = parseMetrics(text);
    const sample = await this.#sampleOf(text);
    this.#change({ reports, error, isReachable: true, ...(sample === undefined ? {} : { sample }) });
    if ((reports.at(-1)?.step ?? 0) > (this.#run.iterations ?? 0)) await this.#readIterations();
  }

  /** Fetches the sample that the last line names. */
  async #sampleOf(text: string): Promise<string | undefined> {
    const { sample } = parseMetricsLine(text.trimEnd().split("\n").at(-1) ?? "") ?? {};
    if (typeof sample !== "string" || !/^samples\/step-\d+\.txt$/.test(sample)) return undefined;
    return this.#textOf(sample);
  }

  async #readIterations(): Promise<void> {
    const text = await this.#textOf("config.json");
    const iterations = text === undefined ? undefined : parseMetricsLine(text)?.num_training_iterations;
    if (typeof iterations === "number" && iterations !== this.#run.iterations) this.#change({ iterations });
  }

  async #readCheckpoint(): Promise<void> {
    const name = (await this.#textOf("checkpoints/latest"))?.trim();
    if (name === undefined || !/^step-\d{8,}$/.test(name) || name === this.#run.checkpoint) return;
    this.#change({ checkpoint: name });
    this.#options.onCheckpoint(name);
    // A run that resumes may go further than it was to go before.
    await this.#readIterations();
  }

  async #textOf(path: string): Promise<string | undefined> {
    const { status, bytes } = await this.#options.fetch(path);
    return status === 200 ? new TextDecoder().decode(bytes) : undefined;
  }

  #change(change: Partial<FollowedRun>): void {
    this.#run = { ...this.#run, ...change };
    this.#options.onChange(this.#run);
  }
}
