import { setTimeout as sleep } from "node:timers/promises";
import { shellWord } from "@dnc/report";
import type { JobRequest, JobState, Jobs } from "./jobs.js";
import { type Answer, sendRequest } from "./send-request.js";
import type { Resources } from "./sweep-file.js";

/** Longest wait between attempts to reach a cluster that is away, in milliseconds. */
const LONGEST_WAIT_MS = 30_000;
/** Least milliseconds between lists. */
const INTERVAL_MS = 1000;
/** A list has all jobs of the cluster, so longer lists are asked for less often: at most this many jobs a second. */
const LISTED_PER_SECOND = 50;
/** Bytes of a gigabyte, as Ray counts memory. */
const GB = 2 ** 30;

const STATES: Readonly<Record<string, JobState["status"]>> = {
  PENDING: "active",
  RUNNING: "active",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  STOPPED: "stopped",
};

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
  /** Ends the wait for a cluster that is away, with an error. */
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

  constructor(options: RayOptions) {
    this.#options = options;
  }

  get interval(): number {
    return Math.max(INTERVAL_MS, (this.#listed / LISTED_PER_SECOND) * 1000);
  }

  async list(): Promise<ReadonlyMap<string, JobState>> {
    const jobs: unknown = JSON.parse((await this.#request("GET", "api/jobs/")).text);
    if (!Array.isArray(jobs)) throw new Error("the cluster's list of jobs: expected an array, got something else");
    this.#listed = jobs.length;
    const own = jobs.filter(({ submission_id: id }) => typeof id === "string" && id.startsWith(this.#options.prefix));
    return new Map(
      own.map(({ submission_id: id, status, message }) => {
        return [id, { status: STATES[status] ?? "active", message: typeof message === "string" ? message : "" }];
      }),
    );
  }

  async start({ id, words }: JobRequest): Promise<void> {
    const { resources, program } = this.#options;
    const body = {
      submission_id: id,
      entrypoint: [program, ...words.map(shellWord)].join(" "),
      entrypoint_num_cpus: resources.cpus,
      entrypoint_num_gpus: resources.gpus,
      ...(resources.memory_gb === undefined ? {} : { entrypoint_memory: Math.round(resources.memory_gb * GB) }),
      runtime_env: {},
      metadata: { started_by: "dnc sweep" },
    };
    // An earlier request may have started it although its answer was lost.
    await this.#request("POST", "api/jobs/", { body, isFine: ({ text }) => /already exists/i.test(text) });
  }

  async stop(id: string): Promise<void> {
    const path = `api/jobs/${encodeURIComponent(id)}/stop`;
    await this.#request("POST", path, { isFine: ({ status }) => status === 404 });
  }

  /** Asks until there is an answer that is none of a cluster in trouble. */
  async #request(method: string, path: string, { body, isFine = () => false }: RequestOptions = {}): Promise<Answer> {
    const { address, token, wait = sleep, signal } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const answer = await sendRequest(new URL(path, address), { method, body, token });
      const isGood = answer.status >= 200 && answer.status < 300;
      if (isGood || isFine(answer)) {
        if (this.#isAway) this.#options.onNotice?.(`${address.host} answers again`);
        this.#isAway = false;
        return answer;
      }
      const what = answer.text.trim().split("\n").at(-1)?.slice(0, 300);
      if (answer.status >= 400 && answer.status < 500)
        throw new Error(`${address.host}: ${method} ${path}: expected status 200, got ${answer.status} (${what})`);
      if (!this.#isAway) this.#options.onNotice?.(`${address.host} does not answer (${what}); waiting for it`);
      this.#isAway = true;
      signal?.throwIfAborted();
      await wait(Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempt), undefined, { signal });
    }
  }
}

interface RequestOptions {
  readonly body?: object | undefined;
  /** Whether an answer with another status than 200 is a success too. */
  readonly isFine?: ((answer: Answer) => boolean) | undefined;
}
