/**
 * What a sweep on a cluster costs the machine that watches it, by the number of its runs: `node tools/bench/sweep.mjs [--runs 10,100,1000]
 * [--out FILE]`. Requests, bytes, files read and CPU time against a stub of Ray's API with a latency of 20 ms; the time of the jobs is
 * virtual. Prints a line of JSON for each number, and writes a page.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../pnpm.mjs";
import { setUp } from "../setup.mjs";
import { inFolder } from "../testing/in-folder.mjs";
import { commit, machineFacts } from "./machine.mjs";

/** Milliseconds of an answer. */
const LATENCY = 20;
/** Seconds of a run, and its reports. */
const SECONDS = 300;
const REPORTS = 30;
/** Runs at a time. */
const AT_ONCE = 10;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10,100,1000" }, out: { type: "string" } },
});

const files = { opened: 0, bytes: 0 };
countFiles();
await setUp();
const modules = await Promise.all(["sweep-runner", "ray-jobs", "events"].map(importSweep));
const { SweepRunner, RayJobs, EventLog } = Object.assign({}, ...modules);
const rows = [];
for (const count of values.runs.split(",").map(Number))
  for (const atOnce of [AT_ONCE, ...(count > AT_ONCE ? [count / 10] : [])].filter(
    (each, at, all) => all.indexOf(each) === at,
  )) {
    rows.push(await inFolder("dnc-sweep-", (folder) => measure(count, atOnce, folder)));
    console.log(JSON.stringify(rows.at(-1)));
  }
if (values.out !== undefined) fs.writeFileSync(values.out, page());

function importSweep(name) {
  return import(pathToFileURL(join(root, `apps/trainer/dist/sweep/${name}.js`)));
}

/** Counts what this process opens and reads. */
function countFiles() {
  const { openSync, readSync } = fs;
  fs.openSync = (path, flags, ...rest) => {
    if (flags === "r") files.opened++;
    return openSync(path, flags, ...rest);
  };
  fs.readSync = (...args) => {
    const read = readSync(...args);
    files.bytes += read;
    return read;
  };
  syncBuiltinESMExports();
}

async function measure(count, atOnce, folder) {
  const { port, end } = await startStub();
  const jobs = new RayJobs({
    ...{ address: new URL(`http://127.0.0.1:${port}/`), prefix: "dnc-", program: "dnc" },
    resources: { cpus: 1, gpus: 0 },
  });
  const counts = { requests: 0, lists: 0 };
  const runner = new SweepRunner({
    ...{ jobs: counted(jobs, counts), events: new EventLog(folder), atOnce, runs: runsOf(count, folder) },
    sweep: { goal: "maximize", metric: "exact_match", attempts: 3, stop: { kind: "median", after: 10, runs: 3 } },
    jobId: ({ name }, submission) => `dnc-0123abcd-${name}-${submission}`,
    wordsOf: ({ words, folder: to }) => ["train", ...words, to],
  });
  Object.assign(files, { opened: 0, bytes: 0 });
  const [cpu, begin] = [process.cpuUsage(), performance.now()];
  let [virtual, received, apart] = [0, 0, 0];
  while (!runner.isDone) {
    await runner.tick();
    const before = process.cpuUsage();
    const { interval } = jobs;
    virtual += interval;
    received = Number(
      await (await fetch(`http://127.0.0.1:${port}/advance`, { method: "POST", body: String(interval) })).text(),
    );
    const { user, system } = process.cpuUsage(before);
    apart += user + system;
  }
  const { user, system } = process.cpuUsage(cpu);
  end();
  const events = fs.readFileSync(join(folder, "events.jsonl"), "utf8").split("\n").length - 1;
  return {
    ...{ runs: count, at_once: atOnce, hours: virtual / 3.6e6, ...counts, megabytes: received / 1e6 },
    ...{
      files_opened: files.opened,
      file_kilobytes: files.bytes / 1e3,
      events,
      cpu_seconds: (user + system - apart) / 1e6,
    },
    real_seconds: (performance.now() - begin) / 1000,
  };
}

/** Counts the requests of jobs. */
function counted(jobs, counts) {
  const count = (name) => (argument) => {
    counts.requests++;
    if (name === "list") counts.lists++;
    return jobs[name](argument);
  };
  return { list: count("list"), start: count("start"), stop: count("stop") };
}

function runsOf(count, folder) {
  return Array.from({ length: count }, (_, index) => ({
    ...{ name: `masking-true-learning_rate-0.0001173-seed-${index}`, group: "all", seed: index, settings: {} },
    words: ["--preset=repeat-copy", "--masking=true", "--learning_rate=0.0001173", `--seed=${index}`, "--threads=1"],
    ...{ folder: join(folder, `runs/masking=true,seed=${index}`), iterations: REPORTS, hasUntil: false },
  }));
}

async function startStub() {
  const script = fileURLToPath(new URL("sweep-stub.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, LATENCY, SECONDS, REPORTS].map(String), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const { value } = await lines[Symbol.asyncIterator]().next();
  return { port: value, end: () => child.kill() };
}

function page() {
  const cells = rows.map((row) =>
    [
      ...[row.runs, row.at_once, row.hours.toFixed(1), row.lists, row.requests, row.megabytes.toFixed(1)],
      ...[row.files_opened, row.file_kilobytes.toFixed(0), row.events, row.cpu_seconds.toFixed(1)],
      ...[((1000 * row.cpu_seconds) / row.runs).toFixed(0), ((1000 * row.megabytes) / row.runs).toFixed(0)],
    ].join(" | "),
  );
  return `# What a sweep on a cluster costs, by the number of its runs

Made by \`node tools/bench/sweep.mjs --out=FILE\` at commit ${commit()}: simulated runs of ${SECONDS} seconds with ${REPORTS} reports, a stub of
Ray's API that answers after ${LATENCY} ms with the fields of Ray 2.60, the median rule. CPU time is that of the process that watches, the stub's apart.

| runs | at a time | hours of the sweep | lists of jobs | requests | MB received and sent | files opened | kB read | events | CPU seconds | CPU ms a run | kB a run |
|---|---|---|---|---|---|---|---|---|---|---|---|
${cells.map((row) => `| ${row} |`).join("\n")}

A list has all jobs of the cluster, so its length grows with the runs. Lists are asked for less often the longer they are, at most 50 jobs a
second, so that bytes and CPU time grow with the time of the sweep, not with its square. For each list the reports of the runs that train are read, from where
the last reading ended.

${machineFacts().join("  \n")}
`;
}
