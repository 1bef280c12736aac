/** Where the runs of a sweep are computed: as processes of this machine, or as jobs of a cluster. */

/** What a job needs. */
export interface JobRequest {
  /** Its name: of the run and of how often the run was submitted. A second job of the same name is not started. */
  readonly id: string;
  /** Words of `dnc`. */
  readonly words: readonly string[];
}

/** State of a job. */
export interface JobState {
  readonly status: "active" | "succeeded" | "failed" | "stopped";
  /** What it said at its end, or why it ended. */
  readonly message: string;
  /** Whether it waits for room, and so has nothing to save; default: false. */
  readonly isPending?: boolean | undefined;
}

/** Starts, lists and stops jobs. */
export interface Jobs {
  /** Milliseconds to wait before the jobs are listed again. */
  readonly interval: number;
  /** Lists the jobs that are known, by their names. */
  list(): Promise<ReadonlyMap<string, JobState>>;
  /** Starts a job, unless there is one of this name. */
  start(job: JobRequest): Promise<void>;
  /** Asks a job to save and end; does nothing if it has ended. */
  stop(id: string): Promise<void>;
  /** Lets go of the jobs: those that end with this process are asked to save and end now. */
  dispose(): void;
}
