/** Sweeps with stop rules over a real Ray cluster that asks for a token. */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, startCluster } from "./cluster.mjs";
import { check, differentWeights, ended, eventsOf, PROGRAM, start } from "./sweep-process.mjs";

/** Iterations of a run: seconds, so that the rules decide before it ends. */
const ITERATIONS = 12_000;

const SETTINGS = {
  ...{ hidden_size: 8, memory_size: 4, word_size: 4, batch_size: 2 },
  ...{ num_training_iterations: ITERATIONS, report_interval: 100, checkpoint_interval: 500 },
};

/** Four runs, of which two pass the first rung, and one the second. */
const HALVING = {
  ...{ preset: "copy", settings: SETTINGS, vary: { learning_rate: [1e-2, 1e-3, 1e-4, 1e-5] }, seeds: [1] },
  ...{ metric: "loss", at_once: 2, stop: { halving: { first: 1000, factor: 2 } } },
};

/** Four runs, of which the last two learn next to nothing while the first two are there to compare them with. */
const MEDIAN = {
  ...{ preset: "copy", settings: SETTINGS, vary: { learning_rate: [1e-2, 3e-3, 1e-9, 1e-10] }, seeds: [1] },
  ...{ metric: "loss", at_once: 2, stop: { median: { after: 1000, runs: 2 } } },
};

/**
 * Sweeps with both rules, on this machine and on a cluster.
 *
 * @param {string} ray - path of Ray's program.
 * @param {string} folder - an empty folder with a short path.
 * @param {(line: string) => void} tell
 * @returns {Promise<{ checks: { name: string, passed: boolean, detail: string }[], seconds: number }>}
 */
export async function sweepWithStopRules(ray, folder, tell) {
  const token = randomBytes(16).toString("hex");
  const write = (name, sweep) => writeFileSync(join(folder, `${name}.json`), JSON.stringify(sweep));
  write("halving", HALVING);
  write("median", MEDIAN);
  const place = (name, results) => [join(folder, `${name}.json`), `--results=${join(folder, results)}`];
  tell("successive halving on this machine");
  await ended(start(place("halving", "local")));
  const begin = performance.now();
  const port = await freePort();
  const on = [`--on=http://127.0.0.1:${port}`, PROGRAM];
  tell("a cluster that asks for a token");
  const cluster = await startCluster(ray, join(folder, "ray"), port, { cpus: 2, token });
  try {
    const halving = [...place("halving", "halving"), ...on];
    const refusals = [];
    for (const other of ["", "another"]) refusals.push(await start(halving, { RAY_AUTH_TOKEN: other }).end);
    tell("successive halving on the cluster");
    const first = await ended(start(halving, { RAY_AUTH_TOKEN: token }));
    tell("median stopping on the cluster");
    const second = await ended(start([...place("median", "median"), ...on], { RAY_AUTH_TOKEN: token }));
    const jobs = await cluster.jobs();
    const said = [first, second, ...refusals].flatMap(({ out, err }) => [out, err]).join("");
    const checks = [
      ...refusalChecks(refusals, port),
      ...halvingChecks(folder, jobs),
      ...medianChecks(join(folder, "median"), jobs),
      check("the token is in no description of a job", jobs.length > 0 && !JSON.stringify(jobs).includes(token)),
      check("the token is in no line of the sweeps", !said.includes(token)),
      check(
        "the token is in no file of the results",
        !["halving", "median"].some((name) => has(join(folder, name), token)),
      ),
      check("the token is in no log of a job", !has(join(folder, "ray"), token, /job-driver-.*\.log$/)),
    ];
    return { checks, seconds: Math.round((performance.now() - begin) / 1000) };
  } finally {
    await cluster.stop();
  }
}

function refusalChecks(refusals, port) {
  return ["none (status 401", "another (status 403"].map((words, index) => {
    const { status, err } = refusals[index];
    const expected = `dnc: RAY_AUTH_TOKEN: expected the token that 127.0.0.1:${port} asks for, got ${words}`;
    const isOne = err.startsWith(expected) && err.trimEnd().split("\n").length === 1;
    return check(
      `a sweep with ${index === 0 ? "no" : "another"} token ends with one sentence`,
      status === 1 && isOne,
      err,
    );
  });
}

/** Stopped runs with all that the rule decided, in the order of their names. */
function stoppedIn(results) {
  const stopped = eventsOf(results).filter(({ event }) => event === "stopped");
  return stopped.map(({ at, ...rest }) => JSON.stringify(rest)).sort();
}

const finishedIn = (results) => eventsOf(results).flatMap(({ event, run }) => (event === "finished" ? [run] : []));

function halvingChecks(folder, jobs) {
  const [local, results] = [join(folder, "local"), join(folder, "halving")];
  const [expected, stopped] = [stoppedIn(local), stoppedIn(results)];
  const finished = finishedIn(results);
  const isSame = finished.length === 1 && finished[0] === finishedIn(local)[0];
  const different = isSame ? differentWeights(local, results, finished, ITERATIONS) : finished;
  return [
    check(
      "halving stops two runs at the first rung and one at the second",
      rungsOf(stopped) === "1000 1000 2000",
      stopped.join(" "),
    ),
    check(
      "halving stops the same runs as on one machine, at the same values",
      String(stopped) === String(expected),
      stopped.join(" "),
    ),
    check("the run that is left has bit-identical weights", isSame && different.length === 0, different.join(" ")),
    check("jobs that were stopped have ended", isOver(jobs), jobs.map(({ status }) => status).join(" ")),
  ];
}

/** Whether all jobs have ended, some because they were asked to. */
const isOver = (jobs) =>
  jobs.some(({ status }) => status === "STOPPED") &&
  jobs.every(({ status }) => ["STOPPED", "SUCCEEDED"].includes(status));

const rungsOf = (stopped) =>
  stopped
    .map((line) => JSON.parse(line).step)
    .sort((a, b) => a - b)
    .join(" ");

function medianChecks(results) {
  const stopped = stoppedIn(results).map((line) => JSON.parse(line));
  const names = stopped.map(({ run }) => run).sort();
  const expected = ["learning_rate=1e-10,seed=1", "learning_rate=1e-9,seed=1"];
  const isRight = stopped.every(
    ({ run, step, value, bound }) =>
      value > bound && step >= 1000 && step < ITERATIONS && value === lossAt(results, run, step),
  );
  return [
    check("median stopping ends the runs that learn nothing", String(names) === String(expected), names.join(" ")),
    check("at a loss that they reported, above that of the others", isRight, JSON.stringify(stopped)),
    check("and the others finish", finishedIn(results).length === 2, finishedIn(results).join(" ")),
  ];
}

function lossAt(results, run, step) {
  const lines = readFileSync(join(results, "runs", run, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line)).find((record) => record.step === step)?.loss;
}

/** Whether a file of a folder has a text. @param {RegExp} names - of the files; default: all. */
function has(folder, text, names = /(?:)/) {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  const files = paths.filter((path) => names.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile());
  if (files.length === 0) throw new Error(`expected files in ${folder}, got none`);
  return files.some((path) => readFileSync(path).includes(text));
}
