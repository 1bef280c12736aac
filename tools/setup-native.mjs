/**
 * Sets up TensorFlow.js's native binding on a modern machine: `npm run setup:node`, `npm run setup:cuda`.
 *
 * The package's install script downloads libtensorflow 2.9.1, which does not support current GPUs, from a host that is
 * not always reachable. Here the library is taken from TensorFlow's Python wheel; the unmodified script gets it from
 * 127.0.0.1 as the archive that it expects, and builds its binding. Large files are below `.tools/`. Exit status: 0 the
 * binding works, 1 it does not, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DEVELOPMENT } from "./dependencies.mjs";
import { script, UsageError } from "./flags.mjs";
import { withLock } from "./lock.mjs";
import { buildBinding } from "./native/binding.mjs";
import { check } from "./native/check.mjs";
import { NativeError } from "./native/error.mjs";
import { kindOf } from "./native/kinds.mjs";
import { layOut } from "./native/library.mjs";
import { nvidiaRequirements } from "./native/wheel.mjs";
import { home } from "./pnpm.mjs";

const FLAGS = {
  kind: { kind: "choice", choices: ["node", "cuda"], required: true, help: "binding for the CPU or the GPU" },
  tensorflow: { kind: "text", default: "2.21.0", help: "version of the wheel, 2.21 or newer" },
  wheel: { kind: "text", help: "a downloaded wheel (default: pip downloads it)" },
  libraries: { kind: "text", help: "a folder with the CUDA libraries (default: pip gets NVIDIA's wheels; cuda only)" },
  again: { kind: "switch", help: "do it even if it was done before" },
};

function checkPaths({ kind, ...options }) {
  for (const name of ["wheel", "libraries"])
    if (options[name] !== undefined && !existsSync(options[name]))
      throw new UsageError(`--${name}: expected an existing path, got "${options[name]}".`);
  if (options.libraries !== undefined && kind !== "cuda")
    throw new UsageError("--libraries: expected only with setup:cuda.");
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  try {
    const { setUp } = await import("./setup.mjs");
    await setUp({ groups: options.kind === "cuda" ? ["training"] : DEVELOPMENT });
    mkdirSync(home, { recursive: true });
    const onWait = () => say("Another process is setting up a native binding: waiting for it.");
    return await withLock(join(home, "native.lock"), () => setUpNative(options), { onWait });
  } catch (error) {
    if (!(error instanceof NativeError)) throw error;
    console.error(`setup:${options.kind}: ${error.message}`);
    return 1;
  }
}

async function setUpNative({ kind: name, tensorflow, wheel, libraries, again }) {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new NativeError(
      `made for Linux on x86-64, this is ${process.platform} on ${process.arch}; on macOS and Windows ` +
        "`npm rebuild @tensorflow/tfjs-node` gets the library that the package is made for, and --backend webgpu needs none",
    );
  const kind = kindOf(name);
  const stampFile = join(home, `native-${name}.json`);
  const given = { wheel: wheel && resolve(wheel), libraries: libraries && resolve(libraries) };
  const stamp = JSON.stringify({ tensorflow, ...given, package: kind.folder, node: process.versions.modules });
  if (!again && stampOf(stampFile) === stamp && existsSync(kind.binding)) {
    say(`${kind.package} is ready (TensorFlow ${tensorflow}).`);
    return report(await check(name));
  }
  rmSync(stampFile, { force: true });
  const library = await phase(`TensorFlow ${tensorflow}`, () => layOut(kind, { tensorflow, ...given }));
  if (name === "cuda") {
    const missing = nvidiaRequirements(library).length === 0 && libraries === undefined;
    if (missing) throw new NativeError("the wheel names no NVIDIA libraries: give their folder with --libraries");
  }
  await phase("binding", () => buildBinding(kind, library));
  const found = await phase("a matrix product", () => check(name));
  // The build is valid even if the machine has no GPU: repeating it would not help.
  writeFileSync(stampFile, stamp);
  return report(found);
}

function report({ works, what }) {
  say(works ? `It works: ${what}.` : `The binding is built, but ${what}.`);
  return works ? 0 : 1;
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

async function phase(name, work) {
  const start = performance.now();
  process.stderr.write(`Setting up: ${name} ... `);
  try {
    const result = await work();
    say(`${((performance.now() - start) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    say("failed");
    throw error;
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await script(
  { name: "setup", call: "npm run setup:node --", flags: FLAGS, check: checkPaths },
  main,
);
