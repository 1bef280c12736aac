/**
 * Puts the network of a run into `@dnc/pretrained`, if it passes the grade of its preset:
 *
 *     node tools/pretrained.mjs --run=runs/copy --commit=63ad81bd74
 *
 * Copies the run's newest checkpoint without the optimizer's state, writes its record, and lists all networks in the package's source. A
 * run does not know the commit that trained it: it is a flag. Exit status: 0 the network is in the package, 1 it is not good enough, 2
 * the command is wrong.
 */
import "./node-version.mjs";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { script } from "./flags.mjs";
import { root } from "./pnpm.mjs";
import { networksModule, readNetworks } from "./pretrained/networks-module.mjs";
import { reasonsAgainst, recordOf } from "./pretrained/record.mjs";
import { run as runProgram } from "./process.mjs";

const PACKAGE = join(root, "packages/pretrained");
const NETWORKS = join(PACKAGE, "networks");
const MODULE = join(PACKAGE, "src/networks.ts");
const DNC = join(root, "apps/trainer/bin/dnc.js");
const FLAGS = {
  run: { kind: "text", required: true, help: "folder of the run, made by a preset with --threads=1" },
  commit: { kind: "text", required: true, help: "commit of this repository that trained it" },
  date: { kind: "text", default: new Date().toISOString().slice(0, 10), help: "day of the grade" },
};

process.exitCode = await script({ name: "pretrained", call: "node tools/pretrained.mjs", flags: FLAGS }, main);

/** @param {{ run: string, commit: string, date: string }} options @returns {Promise<number>} the exit status. */
async function main({ run: given, commit: named, date }) {
  const commit = fullCommit(named);
  if (commit === undefined) {
    console.error(`pretrained: --commit: expected a commit of this repository, got "${named}".`);
    return 2;
  }
  const { setUp } = await import("./setup.mjs");
  await setUp();
  const run = resolve(given);
  const config = readJson(run, "config.json");
  const checkpoint = readFileSync(join(run, "checkpoints/latest"), "utf8").trim();
  const model = readFileSync(join(run, "checkpoints", checkpoint, "model.safetensors"));
  const found = {
    config,
    state: readJson(run, "checkpoints", checkpoint, "state.json"),
    bytes: model.length,
    grade: await dncJson("grade", run, "--json", "--backend=cpu", "--threads=1"),
    preset: (await dncJson("presets", "--json"))[config.preset],
  };
  const reasons = reasonsAgainst(found);
  for (const reason of reasons) console.error(`pretrained: ${given}: ${reason}.`);
  if (reasons.length > 0) return 1;
  const record = recordOf({ ...found, parameters: await parametersOf(model), commit, date });
  const target = join(NETWORKS, config.preset);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, "checkpoints"), { recursive: true });
  for (const file of ["config.json", "checkpoints/latest", ...filesOf(checkpoint)])
    cpSync(join(run, file), join(target, file));
  writeFileSync(join(target, "record.json"), `${JSON.stringify(record, null, 2)}\n`);
  writeModule();
  console.log(`${config.preset}: ${model.length} bytes, ${record.parameters} parameters`);
  return 0;
}

function filesOf(checkpoint) {
  return ["state.json", "model.safetensors"].map((file) => `checkpoints/${checkpoint}/${file}`);
}

/** Lists all networks in the package's source. */
function writeModule() {
  writeFileSync(MODULE, networksModule(readNetworks(NETWORKS)));
  execFileSync(process.execPath, [join(root, "tools/exec.mjs"), "biome", "check", "--write", MODULE]);
}

/** Returns the first ten digits of a commit; undefined if there is no such commit. */
function fullCommit(name) {
  try {
    const words = ["rev-parse", "--verify", "--quiet", "--short=10", `${name}^{commit}`];
    return execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

async function parametersOf(model) {
  const { decodeSafetensors } = await import("../packages/checkpoint/dist/index.js");
  const shapes = [...decodeSafetensors(model).tensors.values()].map(({ shape }) => shape);
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/** Runs `dnc` and reads the object that it prints. */
async function dncJson(...words) {
  const { output } = await runProgram([process.execPath, DNC, ...words]);
  const line = output.split("\n").findLast((each) => each.startsWith("{"));
  if (line === undefined) throw new Error(`dnc ${words.join(" ")}: expected an object, got ${output}`);
  return JSON.parse(line);
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(...path), "utf8"));
}
