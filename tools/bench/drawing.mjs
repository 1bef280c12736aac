/**
 * Measures what drawing a batch costs beside an iteration of training, for the presets of `dnc presets` on one thread:
 *
 *     node tools/bench/drawing.mjs
 *     node tools/bench/drawing.mjs --presets=graph-traversal,inference
 *
 * Both are CPU times of a process for each preset, the fastest of several rounds, since other load only adds to them. Writes raw
 * numbers and a table. Exit status: 0 if drawing takes
 * less than a tenth of each iteration, 1 if it does not somewhere, 2 if the command is wrong.
 */
import "../node-version.mjs";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { script, UsageError } from "../flags.mjs";
import { run } from "../process.mjs";
import { commit, machineFacts } from "./machine.mjs";
import { needsBabiFiles } from "./presets-report.mjs";

const FLAGS = {
  presets: { kind: "list", help: "names of presets (default: all)" },
  babi_dir: { kind: "text", help: "folder of bAbI's files, for its presets (default: they are not measured)" },
  batches: { kind: "integer", min: 3, default: 40, help: "batches that are drawn in each round" },
  iterations: { kind: "integer", min: 1, default: 40, help: "iterations of each round, at most" },
  rounds: { kind: "integer", min: 1, default: 9, help: "rounds, of which the fastest counts: other load only adds" },
  out: { kind: "text", default: "bench/results/drawing", help: "folder for raw.json and README.md" },
};

/** Batches that are drawn before any is timed: code is compiled meanwhile, as in the first moments of a training. */
const WARM_UP = 300;

/** CPU milliseconds that the iterations of a round take at most, if one does not take longer. */
const LONGEST = 300;

/** Most that drawing may take of an iteration. */
const BOUND = 0.1;

process.exitCode = await script({ name: "drawing", call: "node tools/bench/drawing.mjs", flags: FLAGS }, main);

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ presets, babi_dir, batches, iterations, rounds, out }) {
  const { setUp } = await import("../setup.mjs");
  await setUp();
  const { presetNames } = await import("../../apps/trainer/dist/preset/preset.js");
  const unknown = presets?.find((name) => !presetNames().includes(name));
  if (unknown) throw new UsageError(`--presets: expected names of presets, got ${unknown}`);
  const results = [];
  const skipped = [];
  const names = presets ?? presetNames();
  for (const preset of names) {
    try {
      const sizes = { batches, iterations, rounds, ...(babi_dir && { babi_dir: resolve(babi_dir) }) };
      const result =
        names.length === 1 ? { preset, ...(await measure(preset, sizes)) } : await inOwnProcess(preset, sizes);
      process.stderr.write(`${preset}: ${(100 * result.share).toFixed(1)}%\n`);
      results.push(result);
    } catch (error) {
      process.stderr.write(`${preset}: not measured: ${error.message}\n`);
      skipped.push({ preset, why: error.message });
    }
  }
  const command = `node tools/bench/drawing.mjs${presets ? ` --presets=${presets.join(",")}` : ""}`;
  const record = { command, commit: commit(), machine: machineFacts(), batches, iterations, rounds, results, skipped };
  mkdirSync(resolve(out), { recursive: true });
  writeFileSync(join(out, "raw.json"), `${JSON.stringify(record, null, 1)}\n`);
  writeFileSync(join(out, "README.md"), report(record));
  return results.every(({ share }) => share < BOUND) ? 0 : 1;
}

/** Measures a preset in a process of its own, as a training is: code that other tasks have used is compiled for them, too. */
async function inOwnProcess(preset, sizes) {
  const folder = mkdtempSync(join(tmpdir(), "dnc-drawing-"));
  try {
    const flags = Object.entries({ ...sizes, presets: preset, out: folder }).map(
      ([name, value]) => `--${name}=${value}`,
    );
    const { output } = await run([process.execPath, fileURLToPath(import.meta.url), ...flags]);
    const { results, skipped } = JSON.parse(readFileSync(join(folder, "raw.json"), "utf8"));
    if (results.length === 0) throw new Error(skipped[0]?.why ?? output.trim());
    return results[0];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures a preset: CPU milliseconds of drawing a batch and of an iteration with it. */
async function measure(preset, { batches, iterations, rounds, babi_dir }) {
  const trainer = "../../apps/trainer/dist";
  const [{ readCommandLine }, { planRun }, { openSession }, { selectBackend }] = await Promise.all(
    ["flags/command-line.js", "flags/plan.js", "run/session.js", "backends/select-backend.js"].map(
      (file) => import(`${trainer}/${file}`),
    ),
  );
  const { createRandom } = await import("@dnc/tasks");
  const { rollOut } = await import("@dnc/training");
  const folder = mkdtempSync(join(tmpdir(), "dnc-drawing-"));
  const { readPreset } = await import(`${trainer}/preset/preset.js`);
  const files = babi_dir && needsBabiFiles(readPreset(preset).settings) ? [`--babi_dir=${babi_dir}`] : [];
  const flags = [`--preset=${preset}`, "--seed=1", "--threads=1", `--num_training_iterations=${iterations}`];
  flags.push(`--checkpoint_dir=${join(folder, "run")}`, ...files);
  try {
    await selectBackend("cpu");
    const { settings } = readCommandLine(["train", ...flags]);
    const session = await openSession(await planRun(settings), "cpu", () => {});
    try {
      const { task, training, engine, network } = session;
      const { trainer } = training;
      if (trainer === undefined) throw new Error("no engine trains it");
      const random = createRandom(1);
      const draw = task.sampleBatch ? () => task.sampleBatch(random) : () => playAtRandom(task, random);
      const next = task.sampleBatch ? draw : async () => (await rollOut(network, startTraining(task, random))).batch;
      const drawn = [];
      for (let count = 0; count < iterations; count++) drawn.push(await next());
      const first = await cpuMilliseconds(() => trainer.step(drawn[0]));
      const timed = drawn.slice(0, Math.max(1, Math.round(LONGEST / first)));
      const step = async () => {
        for (const batch of timed) {
          if (task.sampleBatch === undefined) await next(); // a forward pass, too, and the environment, which is drawing
          trainer.step(batch);
        }
      };
      repeat(WARM_UP, draw);
      const times = [];
      for (let round = 0; round < rounds; round++) {
        const drawing = (await cpuMilliseconds(() => repeat(batches, draw))) / batches;
        const whole = (await cpuMilliseconds(step)) / timed.length;
        times.push({ draw: drawing, step: task.sampleBatch ? whole : whole - drawing });
      }
      // A value network has a trainer of its own: whole iterations, of which there is one round.
      if (task.valueNetwork) {
        const whole = (await cpuMilliseconds(() => training.run())) / iterations;
        for (const time of times) time.step = whole - time.draw;
      }
      const [drawing, iteration] = ["draw", "step"].map((name) => Math.min(...times.map((each) => each[name])));
      return {
        task: task.name,
        engine: engine?.name,
        draw: drawing,
        iteration,
        share: drawing / (drawing + iteration),
      };
    } finally {
      await session.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startTraining(task, random) {
  return task.startEpisodes(random, { training: true });
}

/** Plays a batch of episodes with outputs that are all the same: what the environment takes of an iteration. */
function playAtRandom(task, random) {
  const episodes = startTraining(task, random);
  for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs())
    episodes.respond(new Float32Array(next.timeSteps * episodes.batchSize * task.targetSize));
  return episodes.results();
}

function repeat(times, work) {
  for (let time = 0; time < times; time++) work();
}

/** Measures the CPU time of this process. */
async function cpuMilliseconds(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function report({ command, commit, machine, batches, iterations, rounds, results, skipped }) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const columns = [
    "preset",
    "task",
    "engine",
    "drawing a batch, ms",
    "an iteration without it, ms",
    "share of drawing",
  ];
  const rows = results.map(({ preset, task, engine, draw, iteration, share }) =>
    line([preset, task, engine, draw.toFixed(3), iteration.toFixed(2), `${(100 * share).toFixed(1)}%`]),
  );
  return `${[
    "# What drawing a batch costs",
    "",
    "CPU time of drawing a batch, and of a training iteration on one thread with a batch that was drawn before, for each preset; of episodes, drawing is",
    "everything but the network: problems, environment and scores. The fastest of",
    `${rounds} rounds of ${batches} batches and up to ${iterations} iterations. Drawing should take less than a tenth of the whole.`,
    "",
    line(columns),
    line(columns.map(() => "---")),
    ...rows,
    ...(skipped.length === 0 ? [] : ["", ...skipped.map(({ preset, why }) => `- ${preset} was not measured: ${why}`)]),
    "",
    "## Machine and command",
    "",
    `- ${[...machine, `commit ${commit}`].join("; ")}`,
    "",
    `    ${command}`,
    "",
    "Raw numbers: [raw.json](raw.json).",
  ].join("\n")}\n`;
}
