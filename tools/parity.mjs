/**
 * Compares the packages with reference data, case by case: `node tools/parity.mjs DIR`, after a build.
 *
 * `--backend` is `cpu`, `webgpu`, `cuda` or `node`; default: cpu, with `--engine webgpu` webgpu. `--engine` chooses what computes on it: `ops`, the
 * definition step by step (default on cpu), `tfjs`, the engine of TensorFlow.js ops (default on cuda and node), `wasm`, on
 * cpu, with `--threads N` and `--instruction-set simd` or `relaxed-simd`, `native`, on cpu, with the same and `avx512`, `avx2` or
 * `neon`, or `webgpu` (default there). An engine is used for what it supports: access, core, training.
 *
 * Every file `<kind>__<variant>.json` in DIR is a case. Prints one line per case with the compared quantities and their
 * largest differences, which ends in `ok` or `FAIL` with the reason; the last line is `N passed, N failed`. Exit
 * status: 0 if there are cases and all passed, 1 if not, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { reportLine } from "./parity/report.mjs";

const USAGE =
  "Usage: node tools/parity.mjs DIR [--backend cpu|webgpu|cuda|node] [--engine ops|tfjs|wasm|native|webgpu] [--threads N] [--instruction-set SET], " +
  "with DIR a folder of reference cases <kind>__<variant>.json.";

const status = await main(process.argv.slice(2));
// Exit at once: graphics and native libraries have their own threads and may crash during a normal exit.
process.stdout.write("", () => process.exit(status));

/** @param {string[]} args @returns {Promise<number>} the exit status. */
async function main(args) {
  const loaded = await load();
  if (!loaded) return 1;
  const { tf, runCase, engineOptions, selectEngine } = loaded;
  const { folders, options, wrong } = readArguments(args, engineOptions);
  if (wrong !== undefined) return refuse(wrong);
  const [directory] = folders;
  if (folders.length !== 1) return refuse(`expected one folder, got ${folders.length}.`);
  const files = await caseFiles(directory);
  if (typeof files === "string") return refuse(files);

  tf.enableProdMode();
  const unavailable = await selectEngine(options);
  if (unavailable !== undefined) return refuse(unavailable);
  let failed = 0;
  for (const file of files) {
    const result = await runCase(join(directory, file));
    if (result.failures.length > 0) failed++;
    console.log(reportLine(result));
  }
  if (files.length === 0) console.log(`No case in ${directory}: expected files <kind>__<variant>.json.`);
  console.log(`${files.length - failed} passed, ${failed} failed`);
  return failed > 0 || files.length === 0 ? 1 : 0;
}

/** Loads the modules that exist only after the set-up of the clone. */
async function load() {
  try {
    const [tf, { runCase }, { ENGINE_OPTIONS, selectEngine }] = await Promise.all([
      import("@tensorflow/tfjs"),
      import("./parity/run-case.mjs"),
      import("./parity/engine.mjs"),
    ]);
    return { tf, runCase, engineOptions: ENGINE_OPTIONS, selectEngine };
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.error("The clone is not set up: npm run build does it.");
    return undefined;
  }
}

/** Parses folders and options, `--name value` or `--name=value`; returns an error message if they are wrong. */
function readArguments(args, engineOptions) {
  const [folders, options] = [[], {}];
  for (let index = 0; index < args.length; index++) {
    const [, name, given] = args[index].match(/^--([a-z-]+)(?:=(.*))?$/) ?? [];
    if (name === undefined && args[index].startsWith("-")) return { wrong: `unknown option "${args[index]}".` };
    if (name === undefined) {
      folders.push(args[index]);
      continue;
    }
    if (!Object.hasOwn(engineOptions, name)) return { wrong: `unknown option "--${name}".` };
    const value = given ?? args[++index];
    const choices = engineOptions[name];
    if (value === undefined || (choices && !choices.includes(value)))
      return { wrong: `--${name}: expected ${choices?.join(" or ") ?? "a number"}, got ${value ?? "nothing"}.` };
    options[name] = value;
  }
  return { folders, options };
}

/** Lists the case files in order; returns an error message if the folder is wrong. */
async function caseFiles(directory) {
  try {
    const names = await readdir(directory);
    return names.filter((name) => name.endsWith(".json") && name !== "index.json").sort();
  } catch (error) {
    return `cannot read the folder ${directory}: ${error.message}.`;
  }
}

function refuse(why) {
  console.error(`${why} ${USAGE}`);
  return 2;
}
