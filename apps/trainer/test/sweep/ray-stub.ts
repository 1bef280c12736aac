/** A stub of Ray's Jobs REST API, with latencies and faults. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "@dnc/tasks";
import type { SimulatedJobs } from "./simulated-jobs.js";

/** Options of the stub. */
export interface StubOptions {
  /** Milliseconds before an answer; default: 0. */
  readonly latency?: number;
  /** Chance that a request is done but its answer is lost, and the same that it is refused with status 503; default: 0. */
  readonly faults?: number;
}

/** A job, as the stub was asked for it. */
export type StubJob = Readonly<Record<string, unknown>> & {
  readonly submission_id: string;
  readonly entrypoint: string;
};

const RAY_STATES = { active: "RUNNING", succeeded: "SUCCEEDED", failed: "FAILED", stopped: "STOPPED" } as const;

/**
 * Starts the stub on a free port of this machine.
 *
 * @param simulated - what computes the jobs.
 */
export async function startStub(simulated: SimulatedJobs, { latency = 0, faults = 0 }: StubOptions = {}) {
  const jobs = new Map<string, StubJob>();
  const counts = { requests: 0, lists: 0, bytes: 0 };
  const random = createRandom(7);
  const isFault = () => random.integer(0, 999) < 1000 * faults;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    counts.requests++;
    await sleep(latency);
    // As Ray, which takes such requests for those of a browser.
    if (request.headers["sec-fetch-mode"] !== undefined) return send(response, 405, "not allowed for browser traffic");
    if (isFault()) return send(response, 503, "the cluster starts");
    const [status, body] = await result(request);
    if (isFault()) request.socket.destroy();
    else send(response, status, typeof body === "string" ? body : JSON.stringify(body));
  }

  async function result(request: IncomingMessage): Promise<readonly [number, unknown]> {
    const [, id] = /^\/api\/jobs\/([^/]+)\/stop$/.exec(request.url ?? "") ?? [];
    if (request.method === "POST" && id !== undefined) {
      if (!jobs.has(decodeURIComponent(id))) return [404, "no such job"];
      await simulated.stop(decodeURIComponent(id));
      return [200, { stopped: true }];
    }
    if (request.url !== "/api/jobs/") return [404, "no such page"];
    if (request.method === "POST") {
      const job: StubJob = JSON.parse(await textOf(request));
      const text = `ValueError: Job with submission_id ${job.submission_id} already exists.`;
      if (jobs.has(job.submission_id)) return [500, `Traceback\n${text}`];
      jobs.set(job.submission_id, job);
      await simulated.start({ id: job.submission_id, words: job.entrypoint.split(" ").slice(1) });
      return [200, { submission_id: job.submission_id }];
    }
    counts.lists++;
    const states = await simulated.list();
    return [200, Array.from(jobs.values(), (job) => listed(job, states.get(job.submission_id)))];
  }

  function listed(job: StubJob, state: { status: keyof typeof RAY_STATES; message: string } | undefined): object {
    const { status, message } = state ?? { status: "failed", message: "lost" };
    return { ...job, type: "SUBMISSION", status: RAY_STATES[status], message, driver_node_id: "0".repeat(56) };
  }

  function send(response: ServerResponse, status: number, text: string): void {
    counts.bytes += Buffer.byteLength(text);
    response.writeHead(status).end(text);
  }

  const server = createServer((request, response) => void answer(request, response));
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    address: new URL(`http://127.0.0.1:${port}/`),
    jobs,
    counts,
    /** Ends it; with `start` it is there again. */
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
    start: () => listen(port),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
