/** A sweep over a real Ray cluster during which a job, the sweep itself and a node are killed. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, startCluster, until } from "./cluster.mjs";
import { check, count, DNC, differentWeights, ended, eventsOf, PROGRAM, start } from "./sweep-process.mjs";

/** Iterations of a run. */
const ITERATIONS = 4000;

/** Twelve small runs. */
const SWEEP = {
  preset: "copy",
  settings: {
    ...{ hidden_size: 8, memory_size: 4, word_size: 4, batch_size: 2 },
    ...{ num_training_iterations: ITERATIONS, report_interval: 100, checkpoint_interval: 200 },
  },
  vary: { masking: [true, false], learning_rate: { logUniform: [1e-4, 1e-2], draws: 3 } },
  seeds: [1, 2],
  at_once: 3,
};

/**
 * Sweeps twelve runs on this machine, then on a cluster that suffers.
 *
 * @param {string} ray - path of Ray's program.
 * @param {string} folder - an empty folder with a short path.
 * @param {(line: string) => void} tell
 * @returns {Promise<{ checks: { name: string, passed: boolean, detail: string }[], seconds: number }>}
 */
export async function sweepWithFaults(ray, folder, tell) {
  const file = join(folder, "sweep.json");
  writeFileSync(file, JSON.stringify(SWEEP));
  tell("twelve runs on this machine");
  const local = join(folder, "local");
  await ended(start([file, `--results=${local}`]));
  const begin = performance.now();
  const port = await freePort();
  const results = join(folder, "cluster");
  const args = [file, `--results=${results}`, `--on=http://127.0.0.1:${port}`, PROGRAM];
  tell("a sweep waits for a cluster that is not there yet");
  const first = start(args);
  await until("the sweep waits", () => first.said.err.includes("waiting for it"));
  const cluster = await startCluster(ray, join(folder, "ray"), port);
  try {
    const killNode = await cluster.addNode(2);
    tell("a job is killed");
    const killed = await killJob(results);
    tell("the sweep is killed");
    await until("a run has finished", () => count(results, "finished") >= 2);
    first.child.kill("SIGKILL");
    await first.end;
    tell("the sweep is left by Ctrl-C at a terminal, and its jobs go on");
    const left = await leave(args, cluster.url);
    const before = eventsOf(results).length;
    const last = start(args);
    await until("the sweep goes on", () => eventsOf(results).length > before);
    tell("a node is killed");
    const lost = await jobsOnWorkers(cluster.url);
    killNode();
    const { status, out, err } = await ended(last);
    const checks = checksOf({ local, results, status, said: out + err, killed, lost, left, waited: first.said.err });
    return { checks, seconds: Math.round((performance.now() - begin) / 1000) };
  } finally {
    await cluster.stop();
  }
}

/** Kills the process of a job that has saved a checkpoint. @returns {Promise<string>} the name of its run. */
async function killJob(results) {
  let found;
  await until("a job has saved a checkpoint", () => {
    const runs = join(results, "runs");
    if (!existsSync(runs)) return false;
    const isSaved = (run) => ["lock", "checkpoints/latest"].every((part) => existsSync(join(runs, run, part)));
    found = readdirSync(runs).find(isSaved);
    return found !== undefined;
  });
  process.kill(JSON.parse(readFileSync(join(results, "runs", found, "lock"), "utf8")).pid, "SIGKILL");
  return found;
}

/** Runs a program at a pseudo-terminal; its output and input are this process's pipes. */
const AT_TERMINAL = ["-c", "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"];

/** Starts the sweep at a terminal, presses Ctrl-C, and lets the jobs go on. */
async function leave(args, url) {
  const terminal = spawn("python3", [...AT_TERMINAL, process.execPath, DNC, "sweep", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  terminal.stdout.on("data", (data) => {
    said += data;
  });
  const end = new Promise((resolve) => {
    terminal.once("close", resolve);
  });
  await until("the sweep shows what runs", () => /\d+ running/.test(said));
  terminal.stdin.write("\x03");
  await until("the sweep asks", () => said.includes("Let the jobs go on"));
  terminal.stdin.write("y\n");
  const status = await end;
  const jobs = await (await fetch(`${url}/api/jobs/`)).json();
  // Those that ran may have finished by now; none may have been stopped.
  return { status, said, stopped: jobs.filter((job) => job.status === "STOPPED").length };
}

/** Waits until jobs run on nodes that are not the head. @returns {Promise<string[]>} their names. */
async function jobsOnWorkers(url) {
  let names = [];
  await until("a job runs on the node", async () => {
    const { data } = await (await fetch(`${url}/api/v0/nodes`)).json();
    const head = data.result.result.find((node) => node.is_head_node).node_id;
    const jobs = await (await fetch(`${url}/api/jobs/`)).json();
    const running = jobs.filter(({ status, driver_node_id }) => status === "RUNNING" && driver_node_id !== head);
    names = running.map(({ submission_id }) => submission_id);
    return names.length > 0;
  });
  return names;
}

function checksOf({ local, results, status, said, killed, lost, left, waited }) {
  const events = eventsOf(results);
  const of = (name) => events.filter(({ event }) => event === name);
  const names = readdirSync(join(local, "runs"));
  const different = differentWeights(local, results, names, ITERATIONS);
  const finished = of("finished").map(({ run }) => run);
  const tried = of("tried").map(({ run }) => run);
  return [
    check("the sweep ends with status 0", status === 0, said.trim().split("\n").slice(-3).join(" / ")),
    check("there are twelve runs", names.length === 12, String(names.length)),
    check("each finishes once", finished.length === 12 && new Set(finished).size === 12, finished.join(" ")),
    check("weights are bit-identical to those of the runs on one machine", different.length === 0, different.join(" ")),
    check("the killed job is resumed", tried.includes(killed), tried.join(" ")),
    check("jobs of the killed node are resumed", lost.length > 0 && tried.length > 1, `${lost.length} were there`),
    check("a cluster that is away is waited for", waited.includes("answers again"), waited),
    check(
      "Ctrl-C asks, and leaves the jobs",
      left.status === 130 && left.said.includes("the jobs go on") && left.stopped === 0,
      left.said,
    ),
    check("no run counts as failed", of("failed").length === 0),
  ];
}
