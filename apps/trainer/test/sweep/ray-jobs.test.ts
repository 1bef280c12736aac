/** Jobs on a Ray cluster, against a stub of its API. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { EventLog } from "../../src/sweep/events.js";
import { rayAddress } from "../../src/sweep/ray-address.js";
import { RayJobs, type RayOptions } from "../../src/sweep/ray-jobs.js";
import { SweepRunner } from "../../src/sweep/sweep-runner.js";
import { temporaryFolder } from "../support.js";
import { type StubOptions, startStub } from "./ray-stub.js";
import { SimulatedJobs } from "./simulated-jobs.js";

const PREFIX = "dnc-0-";

/** A stub with jobs of 30 iterations, and what talks to it. */
async function connect(options: StubOptions = {}, changes: Partial<RayOptions> = {}) {
  const results = temporaryFolder();
  const simulated = new SimulatedJobs({ iterations: 30, valueAt: (_, step) => step });
  const stub = await startStub(simulated, options);
  onTestFinished(async () => {
    await stub.stop();
  });
  const notices: string[] = [];
  const create = () =>
    new RayJobs({
      ...{
        address: stub.address,
        prefix: PREFIX,
        resources: { cpus: 2, gpus: 0.5, memory_gb: 1.5 },
        program: "npx dnc",
      },
      ...{ onNotice: (sentence: string) => notices.push(sentence), wait: async () => {} },
      ...changes,
    });
  return { results, simulated, stub, notices, create };
}

describe("jobs on a Ray cluster", () => {
  it("are described with what they may use, and without secrets", async () => {
    const { stub, create, results } = await connect({}, { token: "secret" });
    const jobs = create();
    await jobs.start({ id: `${PREFIX}a`, words: ["train", "--name=it's", results] });
    expect([...stub.jobs.values()]).toEqual([
      {
        ...{ submission_id: `${PREFIX}a`, entrypoint: `npx dnc train '--name=it'\\''s' ${results}` },
        ...{ entrypoint_num_cpus: 2, entrypoint_num_gpus: 0.5, entrypoint_memory: 1.5 * 2 ** 30 },
        ...{ runtime_env: { env_vars: { RAY_JOB_STOP_WAIT_TIME_S: "60" } }, metadata: { started_by: "dnc sweep" } },
      },
    ]);
    await jobs.start({ id: "another", words: [join(results, "another")] });
    expect([...(await jobs.list()).keys()]).toEqual([`${PREFIX}a`]);
    expect(JSON.stringify([...stub.jobs.values()])).not.toContain("secret");
  });

  it("are started once, also if the answer was lost", async () => {
    const { simulated, create, results } = await connect();
    await create().start({ id: `${PREFIX}a`, words: [results] });
    await create().start({ id: `${PREFIX}a`, words: [results] });
    expect(simulated.started).toBe(1);
  });

  it("can be stopped, and those that are not there too", async () => {
    const { create, results } = await connect();
    const jobs = create();
    await jobs.start({ id: `${PREFIX}a`, words: [results] });
    await jobs.stop(`${PREFIX}a`);
    await jobs.stop(`${PREFIX}b`);
    expect((await jobs.list()).get(`${PREFIX}a`)?.status).toBe("stopped");
  });

  it("are listed less often the more there are, so that the bytes of a second are bounded", async () => {
    const { create, results } = await connect();
    const jobs = create();
    expect(jobs.interval).toBe(1000);
    for (let index = 0; index < 120; index++)
      await jobs.start({ id: `${PREFIX}${index}`, words: [join(results, String(index))] });
    await jobs.list();
    expect(jobs.interval).toBe(2400);
  });

  it("are waited for while the cluster is away, longer each time, with a line", async () => {
    const waits: number[] = [];
    const { stub, notices, create } = await connect(
      {},
      {
        wait: async (ms) => {
          waits.push(ms);
          if (waits.length === 7) await stub.start();
        },
      },
    );
    const jobs = create();
    await stub.stop();
    expect(await jobs.list()).toEqual(new Map());
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    const { host } = stub.address;
    expect(notices).toEqual([
      expect.stringMatching(new RegExp(`^${host} does not answer \\(.*ECONNREFUSED.*\\); waiting for it$`)),
      `${host} answers again`,
    ]);
  });

  it("are no longer waited for when the sweep is ended", async () => {
    const abort = new AbortController();
    const { stub, create } = await connect({}, { signal: abort.signal, wait: async () => abort.abort() });
    await stub.stop();
    await expect(create().list()).rejects.toThrow("does not answer (connect ECONNREFUSED");
  });

  it("end the sweep where the cluster refuses them", async () => {
    const { stub, create } = await connect();
    const elsewhere = new URL("elsewhere/", stub.address);
    const jobs = new RayJobs({ address: elsewhere, prefix: PREFIX, resources: { cpus: 1, gpus: 0 }, program: "dnc" });
    await expect(jobs.list()).rejects.toThrow(
      `${elsewhere.host}: GET api/jobs/: expected status 200, got 404 (no such page)`,
    );
    expect(await create().list()).toEqual(new Map());
  });

  it("are computed once each, whatever becomes of answers and of the sweep", async () => {
    const { results, simulated, create } = await connect({ faults: 0.1, latency: 1 });
    const runs = Array.from({ length: 10 }, (_, index) => ({
      ...{ name: `run-${index}`, group: "all", seed: index, settings: {}, words: [], hasUntil: false },
      ...{ folder: join(results, `run-${index}`), iterations: 30 },
    }));
    const createRunner = () =>
      new SweepRunner({
        ...{ runs, jobs: create(), events: new EventLog(results), atOnce: 4 },
        sweep: { goal: "maximize", metric: "loss", attempts: 3, budget: undefined, stop: undefined },
        jobId: ({ name }, submission) => `${PREFIX}${name}-${submission}`,
        wordsOf: ({ folder }) => [folder],
      });
    let runner = createRunner();
    for (let ticks = 1; !runner.isDone; ticks++) {
      if (ticks > 500) throw new Error("the sweep does not end");
      await runner.tick();
      if (ticks % 3 === 0) runner = createRunner();
    }
    expect(runner.runs.map(({ state }) => [state.status, state.failures])).toEqual(runs.map(() => ["finished", 0]));
    expect([...simulated.computed.values()]).toEqual(runs.map(() => [10, 20, 30]));
    expect(simulated.started).toBe(10);
  });
});

describe("the address of a cluster", () => {
  it.each([
    ["http://127.0.0.1:8265", "http://127.0.0.1:8265/"],
    ["http://localhost:8265/ray", "http://localhost:8265/ray/"],
    ["http://[::1]:8265", "http://[::1]:8265/"],
    ["https://ray.example.org", "https://ray.example.org/"],
  ])("may be %s", (text, address) => {
    expect(rayAddress(text, false).href).toBe(address);
  });

  it.each([
    ["127.0.0.1:8265", "--on: expected the address of a Ray cluster, such as http://127.0.0.1:8265, got "],
    ["ray://127.0.0.1:10001", "--on: expected the address of a Ray cluster, such as http://127.0.0.1:8265, got ray://"],
    [
      "http://10.0.0.7:8265",
      "--on: expected https, or http to this machine (a tunnel makes it so), got 10.0.0.7:8265 over http",
    ],
    ["http://127.0.0.1.example.org", "--on: expected https, or http to this machine"],
    ["http://localhost.example.org", "--on: expected https, or http to this machine"],
    ["https://ray.example.org/?a=b", "--on: expected an address without ? and #"],
    [
      "https://me:secret@ray.example.org",
      "--on: expected an address without user name and password, got one with them",
    ],
    ["https://me:secret@:x", "--on: expected the address of a Ray cluster"],
  ])("may not be %s", (text, message) => {
    const refused = () => rayAddress(text, false);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/secret/);
  });

  it("may be plain http to another machine if that is asked for", () => {
    expect(rayAddress("http://10.0.0.7:8265", true).host).toBe("10.0.0.7:8265");
  });
});
