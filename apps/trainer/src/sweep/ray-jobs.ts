import { setTimeout as sleep } from "node:timers/promises";
import { shellWord } from "@dnc/report";
import { ClusterError } from "./cluster-error.js";
import type { JobRequest, JobState, Jobs } from "./jobs.js";
import { readAnswer } from "./read-answer.js";
import { type Answer, sendRequest } from "./send-request.js";
import type { Resources } from "./sweep-file.js";

/** Longest wait between attempts to reach a cluster that is away, in milliseconds. */
const LONGEST_WAIT_MS = 30_000;
/** Least milliseconds between lists. */
const INTERVAL_MS = 1000;
/** A list has all jobs of the cluster, so longer lists are asked for less often: this many jobs a second. */
const LISTED_PER_SECOND = 50;
/** Most milliseconds between lists, however many jobs of others the cluster has. */
const LONGEST_INTERVAL_MS = 30_000;
/** Seconds that a job that is stopped has to save before Ray kills it; Ray's own default is 3. */
const STOP_SECONDS = 60;
/** Bytes of a gigabyte, as Ray counts memory. */
const GB = 2 ** 30;

/** States of jobs that have ended, by Ray's names; others are active. */
const ENDED = new Map<unknown, JobState["status"]>([
  ["SUCCEEDED", "succeeded"],
  ["FAILED", "failed"],
  ["STOPPED", "stopped"],
]);

/** Options of `RayJobs`. */
export interface RayOptions {
  /** Address of the cluster's dashboard, ending with a slash. */
  readonly address: URL;
  /** Beginning of the names of this sweep's jobs. */
  readonly prefix: string;
  readonly resources: Resources;
  /** The words of a shell that start `dnc` on the cluster. */
  readonly program: string;
  /** The token that the cluster asks for; default: none. */
  readonly token?: string | undefined;
  /** Called with a sentence when the cluster cannot be reached, and when it can be again. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
  /** Ends the wait for a cluster that is away, and for an answer, with an error. */
  readonly signal?: AbortSignal | undefined;
  /** Waits for milliseconds; default: a timer. */
  readonly wait?:
    | ((ms: number, value: undefined, options: { readonly signal?: AbortSignal | undefined }) => Promise<unknown>)
    | undefined;
}

/**
 * Runs jobs on a Ray cluster, through its Jobs REST API. A cluster that is away is waited for.
 *
 * Source: Ray documentation, "Ray Jobs REST API".
 */
export class RayJobs implements Jobs {
  readonly #options: RayOptions;
  #listed = 0;
  #isAway = false;
  #hasAnswered = false;

  constructor(options: RayOptions) {
    this.#options = options;
  }

  get interval(): number {
    return Math.min(LONGEST_INTERVAL_MS, Math.max(INTERVAL_MS, (this.#listed / LISTED_PER_SECOND) * 1000));
  }

  async list(): Promise<ReadonlyMap<string, JobState>> {
    const jobs = await this.#request("GET", "api/jobs/");
    if (!Array.isArray(jobs))
      throw new ClusterError(
        `${this.#options.address.host}: GET api/jobs/: expected a list of jobs, got something else`,
      );
    this.#listed = jobs.length;
    const states = new Map<string, JobState>();
    for (const job of jobs) {
      const { submission_id: id, status, message } = job ?? {};
      if (typeof id !== "string" || !id.startsWith(this.#options.prefix)) continue;
      const text = typeof message === "string" ? message : "";
      states.set(id, { status: ENDED.get(status) ?? "active", message: text, isPending: status === "PENDING" });
    }
    return states;
  }

  async start({ id, words }: JobRequest): Promise<void> {
    const { resources, program } = this.#options;
    const body = {
      submission_id: id,
      entrypoint: [program, ...words.map(shellWord)].join(" "),
      entrypoint_num_cpus: resources.cpus,
      entrypoint_num_gpus: resources.gpus,
      ...(resources.memory_gb === undefined ? {} : { entrypoint_memory: Math.round(resources.memory_gb * GB) }),
      runtime_env: { env_vars: { RAY_JOB_STOP_WAIT_TIME_S: String(STOP_SECONDS) } },
      metadata: { started_by: "dnc sweep" },
    };
    // An earlier request may have started it although its answer was lost.
    const isFine = ({ status, text }: Answer) => status >= 400 && /already exists/i.test(text);
    await this.#request("POST", "api/jobs/", { body, isFine });
  }

  async stop(id: string): Promise<void> {
    const path = `api/jobs/${encodeURIComponent(id)}/stop`;
    await this.#request("POST", path, { isFine: ({ status }) => status === 404 });
  }

  dispose(): void {
    // Jobs of a cluster go on.
  }

  /** Asks until there is an answer that is none of a cluster in trouble, and returns its JSON. */
  async #request(method: string, path: string, { body, isFine = () => false }: RequestOptions = {}): Promise<unknown> {
    const { address, token, wait = sleep, signal } = this.#options;
    const { host } = address;
    const asked = { host, what: `${method} ${path}`, hasToken: token !== undefined };
    for (let attempt = 0; ; attempt++) {
      // Requests after the end of the sweep stop its jobs: they are sent, but a cluster that is away is not waited for.
      const pending = signal?.aborted ? undefined : signal;
      const answer = await sendRequest(new URL(path, address), { method, body, token, signal: pending });
      const reading = isFine(answer) ? { json: undefined } : readAnswer(answer, asked);
      if ("json" in reading) {
        if (this.#isAway) this.#options.onNotice?.(`${host} answers again`);
        this.#isAway = false;
        this.#hasAnswered = true;
        return reading.json;
      }
      const { trouble, isForeign } = reading;
      if (isForeign && !this.#hasAnswered) throw new ClusterError(`${host}: ${asked.what}: ${trouble}`);
      if (signal?.aborted) throw new ClusterError(`${host} does not answer (${trouble})`);
      if (!this.#isAway) this.#options.onNotice?.(`${host} does not answer (${trouble}); waiting for it`);
      this.#isAway = true;
      await wait(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt), undefined, { signal });
    }
  }
}

interface RequestOptions {
  readonly body?: object | undefined;
  /** Whether an answer with another status than 200 is a success too. */
  readonly isFine?: ((answer: Answer) => boolean) | undefined;
}
