/** Compares the page about formats with the files of real runs: each key in a file is on the page, and vice versa. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../packages/checkpoint/dist/index.js";
import { root } from "../pnpm.mjs";
import { readRows } from "./page.mjs";

const page = readFileSync(join(root, "docs/guide/formats.md"), "utf8");
/** All sizes differ, so that no shape is right by accident. */
const SIZES = { hidden_size: 7, memory_size: 3, word_size: 5, num_read_heads: 2, num_write_heads: 4, num_bits: 6 };
const SMALL = ["--num_training_iterations=2", "--report_interval=1", "--batch_size=2", "--seed=1", "--backend=cpu"];

let place;
let run;
const fileOf = (...path) => join(run, ...path);
const textOf = (...path) => readFileSync(fileOf(...path), "utf8");

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "dnc-formats-"));
  run = join(place, "run");
  const sizes = Object.entries(SIZES).map(([name, size]) => `--${name}=${size}`);
  dnc(["train", ...SMALL, ...sizes, `--checkpoint_dir=${run}`]);
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

function dnc(args, { status = 0 } = {}) {
  const options = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  try {
    execFileSync(process.execPath, [join(root, "apps/trainer/bin/dnc.js"), ...args], options);
    expect(status).toBe(0);
  } catch (error) {
    if (error.status !== status) throw error;
  }
}

/** Reads the rows of the tables below a heading: the first cell without backticks, and the others. */
function tablesBelow(heading) {
  const [, section] = page.split(`\n${heading}\n`);
  const own = section.split(/\n#{2,3} /)[0];
  const tables = own
    .trim()
    .split(/\n\n/)
    .filter((block) => block.startsWith("|"));
  return tables.map((table) => readRows(table).map(({ cells: [key, ...rest] }) => [key.replaceAll("`", ""), ...rest]));
}

/**
 * Lists keys in the form of the page: `random.words`. An object whose keys the table does not list counts as one key.
 */
function keysOf(object, whole = []) {
  return Object.entries(object).flatMap(([key, value]) => {
    const isOne = typeof value !== "object" || value === null || Array.isArray(value) || whole.includes(key);
    return isOne ? [key] : keysOf(value).map((inner) => `${key}.${inner}`);
  });
}

const namesOf = (rows) => rows.map(([name]) => name);

describe("the page about formats", () => {
  it("has the files of a run folder", () => {
    const listed = namesOf(tablesBelow("## The run folder")[0]);
    const generic = (path) =>
      path
        .replaceAll("\\", "/")
        .replace(/step-\d{8}/, "step-NNNNNNNN")
        .replace(/tfevents\.\d+\.\d{4}\./, "tfevents.TIME.NNNN.");
    const found = readdirSync(run, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => generic(join(parentPath, name).slice(run.length + 1)));
    expect(listed.filter((path) => !path.endsWith("/")).sort()).toEqual([...new Set(found)].sort());
  });

  it("has the keys of config.json", () => {
    const config = JSON.parse(textOf("config.json"));
    expect(namesOf(tablesBelow("## `config.json`")[0])).toEqual(keysOf(config));
  });

  it("has the keys that only some runs have", () => {
    const own = join(place, "own");
    const file = join(place, "task.mjs");
    writeFileSync(
      file,
      `import { copy } from "@dnc/tasks";
       export default ({ bits, max_length }) => copy({ numBits: bits, maxLength: max_length });`,
    );
    const flags = ["--bits=2", "--layers=2", "--loss=sigmoid", "--until=1", "--max_length=2"];
    const schedule = ["--learning_rate_schedule=linear", "--final_learning_rate=1e-6"];
    dnc(["train", ...SMALL, `--task=${file}`, ...flags, ...schedule, `--checkpoint_dir=${own}`]);
    dnc(["train", `--resume=${own}`, "--change", "--max_length=3", "--num_training_iterations=3"]);
    const other = join(place, "other");
    dnc([
      "train",
      ...SMALL,
      "--preset=copy",
      "--optimizer=adam",
      "--learning_rate_schedule=step",
      `--checkpoint_dir=${other}`,
    ]);
    const [byMatch, byLoss] = [
      { at_least: 0.5, metric: "exact match", every: 1, sequences: 2 },
      { at_most: 50, metric: "loss", earlier: 0.1, up_to_current: 0.1, all: 0.1 },
    ].map((promotion, index) => {
      const taught = join(place, `taught-${index}`);
      writeFileSync(`${taught}.json`, JSON.stringify({ lessons: [{ max_length: 1 }, {}], promotion }));
      dnc(["train", ...SMALL, `--config=${taught}.json`, `--checkpoint_dir=${taught}`]);
      return taught;
    });
    const config = JSON.parse(readFileSync(join(own, "config.json"), "utf8"));
    const { changes, ...rest } = config;
    const [always, some] = tablesBelow("## `config.json`").map(namesOf);
    const keys = new Set([
      ...keysOf(rest, ["task_flags"]),
      ...[other, byMatch, byLoss].flatMap((each) =>
        keysOf(JSON.parse(readFileSync(join(each, "config.json"), "utf8"))),
      ),
      "changes",
      ...Object.keys(changes[0]).map((key) => `changes[].${key}`),
    ]);
    expect([...keys].filter((key) => !always.includes(key)).sort()).toEqual([...some].sort());
    const lines = [own, byLoss].flatMap((each) => {
      const [first] = readFileSync(join(each, "metrics.jsonl"), "utf8").split("\n");
      return Object.keys(JSON.parse(first));
    });
    const [ofAll, ofSome] = tablesBelow("## `metrics.jsonl`").map(namesOf);
    expect(lines.filter((key) => !ofAll.includes(key))).toEqual(ofSome);
    const { lessons } = JSON.parse(readFileSync(join(byLoss, "checkpoints/step-00000002/state.json"), "utf8"));
    const events = readdirSync(byLoss).find((name) => name.startsWith("events."));
    expect(readFileSync(join(byLoss, events), "latin1")).toContain("lesson");
    const ofLessons = keysOf(lessons, ["sums"]).map((key) => `lessons.${key}`);
    expect(ofLessons).toEqual(namesOf(tablesBelow("## `state.json`")[1]));
  });

  it("has the keys of a line of metrics.jsonl", () => {
    const lines = textOf("metrics.jsonl")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(namesOf(tablesBelow("## `metrics.jsonl`")[0])).toEqual(keysOf(line));
  });

  it("has the keys of the line of a run that diverged", () => {
    const diverged = join(place, "diverged");
    dnc(["train", ...SMALL, "--learning_rate=1e30", `--checkpoint_dir=${diverged}`], { status: 1 });
    const last = readFileSync(join(diverged, "metrics.jsonl"), "utf8").trim().split("\n").at(-1);
    const keys = keysOf(JSON.parse(last), ["parameter_norms"]);
    expect(namesOf(tablesBelow("### The line of a run that diverged")[0])).toEqual(keys);
  });

  it("has the keys of state.json", () => {
    const state = JSON.parse(textOf("checkpoints/step-00000002/state.json"));
    expect(namesOf(tablesBelow("## `state.json`")[0])).toEqual(keysOf(state, ["config", "versions", "sha256"]));
    expect(state.config).toEqual(JSON.parse(textOf("config.json")));
    expect(Object.keys(state.sha256).sort()).toEqual(readdirSync(fileOf("checkpoints/step-00000002")).sort());
    expect(Object.keys(state.versions)).toEqual(expect.arrayContaining(["@dnc/core", "@dnc/trainer", "node"]));
  });

  it("has the names and shapes of the tensors", () => {
    const { hidden_size: H, word_size: W, num_read_heads: R, num_write_heads: K, num_bits: bits } = SIZES;
    const sizes = { X: bits + 2, Y: bits + 1, H, W, R, K };
    const rows = tablesBelow("## Tensors")[0].map(([name, shape]) => [
      name,
      evaluate(shape.replaceAll("`", ""), sizes),
    ]);
    const read = (name) => {
      const bytes = readFileSync(fileOf("checkpoints/step-00000002", `${name}.safetensors`));
      return Array.from(decodeSafetensors(bytes).tensors, ([tensor, { shape }]) => [tensor, [...shape]]);
    };
    expect(rows).toEqual(read("model"));
    expect(rows.map(([name, shape]) => [`rms/${name}`, shape])).toEqual(read("optimizer"));
  });

  it("has the keys, quantities and axes of a trace", () => {
    const file = join(place, "trace.json");
    dnc(["trace", run, `--out=${file}`, "--backend=cpu"]);
    const trace = JSON.parse(readFileSync(file, "utf8"));
    const [keys, parts, quantities] = tablesBelow("## Traces");
    expect(namesOf(keys)).toEqual(Object.keys(trace));
    for (const quantity of Object.values(trace.quantities)) expect(Object.keys(quantity)).toEqual(namesOf(parts));
    const axes = Object.entries(trace.quantities).map(([name, { dimensions }]) => [name, dimensions]);
    const onPage = quantities.map(([name, further]) => [name, ["time", "batch", ...(further.match(/\w+/g) ?? [])]]);
    expect(onPage).toEqual(axes);
  });

  it("has tags that the event file has", () => {
    const events = readdirSync(run).find((name) => name.startsWith("events."));
    const bytes = readFileSync(fileOf(events), "latin1");
    const [, section] = page.split("\n## TensorBoard\n");
    const tags = [...section.matchAll(/`([a-z_]+(?:\/[a-z_]+)?)`/g)]
      .map(([, tag]) => tag)
      .filter((tag) => !["solved", "lesson"].includes(tag));
    expect(tags.length).toBeGreaterThan(5);
    for (const tag of tags) expect(bytes).toContain(tag);
  });
});

/** Evaluates a shape such as `[H, 4 * H]`. */
function evaluate(shape, sizes) {
  const names = Object.keys(sizes);
  return new Function(...names, `return ${shape};`)(...names.map((name) => sizes[name]));
}
