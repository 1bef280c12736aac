/** Finds where two training runs that should be bit-identical differ. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Keys of metrics and state.json that are not compared: times, and hashes, which only show that a file differs. */
const LEFT_OUT = new Set(["seconds", "iterations_per_second", "iterationsPerSecond", "sha256"]);
/** Maximum number of quantities listed per file. */
const MAX_LISTED = 6;

/**
 * Compares the settings, the metrics line by line, and the checkpoints and samples that both runs have, the oldest
 * first, tensor by tensor. For each kind of file the first iteration that differs is reported: the following ones
 * differ too.
 *
 * @param {Run[]} runs - two runs.
 * @returns {Promise<string[]>} the first iteration and its quantities, and at the end the backend of each run; empty if
 *   the runs are identical.
 *
 * @typedef {object} Run
 * @property {string} name - name in the report.
 * @property {string} folder
 * @property {string} [output] - output of its processes, which names instruction set and threads.
 */
export async function whereRunsPart(runs) {
  const found = [
    ...settings(runs),
    ...firstOf(metrics(runs)),
    ...(await firstCheckpoint(runs)),
    ...firstOf(samples(runs)),
  ].sort((a, b) => a.step - b.step);
  if (found.length === 0) return [];
  const lines = found.map(({ step, what }) => (step === 0 ? what : `iteration ${step}: ${what}`));
  return [...lines, ...(await Promise.all(runs.map(circumstances)))];
}

function settings(runs) {
  const [one, other] = runs.map(({ folder }) => readJson(join(folder, "config.json")));
  return named(differences(one, other), "config.json").map((what) => ({ step: 0, what }));
}

/** Compares metrics.jsonl line by line. */
function metrics(runs) {
  const [one, other] = runs.map(metricsLines);
  const count = Math.max(one.length, other.length);
  return Array.from({ length: count }, (_, index) => {
    const [a, b] = [one[index], other[index]];
    const file = `metrics.jsonl, line ${index + 1}`;
    if (a === undefined || b === undefined)
      return { step: (a ?? b).step, lines: [`${file}: only in ${runs[a === undefined ? 1 : 0].name}`] };
    return { step: Math.min(a.step, b.step), lines: named(differences(a, b), file) };
  });
}

function metricsLines({ name, folder }) {
  const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").split("\n").filter(Boolean);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line);
    } catch {
      throw new Error(`metrics.jsonl of ${name}, line ${index + 1}: expected JSON, got ${JSON.stringify(line)}`);
    }
  });
}

/** Lists the samples that differ. */
function samples(runs) {
  const all = runs.map(({ folder }) => {
    const names = listed(join(folder, "samples")).filter((name) => /^step-\d+\.txt$/.test(name));
    return new Map(names.map((name) => [stepOf(name), readFileSync(join(folder, "samples", name), "utf8")]));
  });
  const steps = [...new Set(all.flatMap((texts) => [...texts.keys()]))].sort((a, b) => a - b);
  return steps.map((step) => {
    const [one, other] = all.map((texts) => texts.get(step));
    if (one === other) return { step, lines: [] };
    const only = one === undefined ? runs[1] : other === undefined ? runs[0] : undefined;
    return { step, lines: [only ? `sample: only in ${only.name}` : "sample: another text"] };
  });
}

function firstOf(steps) {
  const { step, lines } = steps.find((each) => each.lines.length > 0) ?? { lines: [] };
  return lines.map((what) => ({ step, what }));
}

/**
 * Compares the checkpoints that both runs have and returns the differences of the oldest that differs; the newest of
 * each run must be in both.
 */
async function firstCheckpoint(runs) {
  const [one, other] = runs.map(({ folder }) => checkpointSteps(folder));
  const newest = Math.max(...one, ...other);
  const lacking = [one, other].findIndex((steps) => !steps.includes(newest));
  const last = lacking < 0 ? [] : [{ step: newest, what: `checkpoint: only in ${runs[1 - lacking].name}` }];
  for (const step of one.filter((each) => other.includes(each))) {
    const lines = await compareCheckpoints(runs, step, newest);
    if (lines.length > 0) return [...lines.map((what) => ({ step, what })), ...last];
  }
  return last;
}

async function compareCheckpoints(runs, step, newest) {
  const read = await Promise.all(runs.map((run) => readCheckpoint(run.folder, step)));
  const damaged = read.findIndex(({ error }) => error !== undefined);
  if (damaged >= 0) return [`checkpoint of ${runs[damaged].name}: ${read[damaged].error}`];
  const [one, other] = read;
  // A run that was resumed with more iterations had another last iteration.
  const counts = (line) => step === newest || !line.startsWith("config.num_training_iterations: ");
  return [
    ...named(differences(one.state, other.state).filter(counts), "state.json"),
    ...["model", "optimizer"].flatMap((file) => {
      const lines = named(differentTensors(one[file], other[file], runs), file);
      return lines.length > 0 || sameBytes(runs, step, file) ? lines : [`${file}: other bytes around the same tensors`];
    }),
  ];
}

function sameBytes(runs, step, file) {
  const [one, other] = runs.map(({ folder }) =>
    readFileSync(join(checkpointFolder(folder, step), `${file}.safetensors`)),
  );
  return one.equals(other);
}

async function readCheckpoint(folder, step) {
  // Imported here because it exists only after the build.
  const { loadCheckpoint } = await import("../../packages/checkpoint/dist/node/index.js");
  try {
    return await loadCheckpoint(checkpointFolder(folder, step));
  } catch (error) {
    return { error: error.message };
  }
}

function differentTensors(one, other, runs) {
  const [ours, theirs] = [one, other].map((tensors) => new Map(tensors.map((tensor) => [tensor.name, tensor])));
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  return names.flatMap((name) => {
    const lacking = [ours, theirs].findIndex((tensors) => !tensors.has(name));
    if (lacking >= 0) return [`${name}: only in ${runs[1 - lacking].name}`];
    const [a, b] = [ours.get(name), theirs.get(name)];
    if (String(a.shape) !== String(b.shape)) return [`${name}: shape [${a.shape}] and [${b.shape}]`];
    const [bitsOfA, bitsOfB] = [a, b].map(({ values }) => new Uint32Array(values.slice().buffer));
    const apart = Array.from(bitsOfA.keys()).filter((index) => bitsOfA[index] !== bitsOfB[index]);
    if (apart.length === 0) return [];
    const [first] = apart;
    const values = `element ${first} is ${formatValue(a.values[first])} and ${formatValue(b.values[first])}`;
    return [`${name}: ${values} (${apart.length} of ${bitsOfA.length} differ)`];
  });
}

/** Formats a number, including the sign of zero. */
function formatValue(value) {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Lists the differences of two JSON values by path. */
function differences(one, other, path = "") {
  if (isObject(one) && isObject(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => !LEFT_OUT.has(key));
    return keys.flatMap((key) => differences(one[key], other[key], path === "" ? key : `${path}.${key}`));
  }
  return Object.is(one, other) ? [] : [`${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`];
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** Lists differences under the name of their file, up to a maximum number. */
function named(lines, file) {
  const more = lines.length > MAX_LISTED ? [`${file}: and ${lines.length - MAX_LISTED} more`] : [];
  return [...lines.slice(0, MAX_LISTED).map((line) => `${file}, ${line}`), ...more];
}

/** Describes the backend of a run, from its output and its checkpoints. */
function circumstances({ name, folder, output = "" }) {
  const engines = [...new Set([...output.matchAll(/^engine +(.+)$/gm)].map(([, engine]) => engine))];
  const said = engines.length > 0 ? engines.join("; ") : "engine and threads not known";
  const steps = checkpointSteps(folder);
  const sets = steps.map((step) => `${step} ${instructionSet(checkpointFolder(folder, step))}`);
  return `${name} in ${folder}: ${said}; checkpoints and their instruction sets: ${sets.join(", ") || "none"}`;
}

function instructionSet(checkpoint) {
  try {
    const { instruction_set: set } = readJson(join(checkpoint, "state.json"));
    return set ?? "no instruction set";
  } catch {
    return "damaged";
  }
}

/** Lists the iterations of a run's checkpoints, the oldest first. */
function checkpointSteps(folder) {
  const names = listed(join(folder, "checkpoints")).filter((name) => /^step-\d+$/.test(name));
  return names.map(stepOf).sort((a, b) => a - b);
}

function checkpointFolder(folder, step) {
  return join(folder, "checkpoints", `step-${String(step).padStart(8, "0")}`);
}

function stepOf(name) {
  return Number(/\d+/.exec(name)[0]);
}

function listed(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
