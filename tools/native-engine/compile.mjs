/** Compiles the addon for one target. */

import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { home, root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { BuildError, findCompiler } from "./compiler.mjs";
import { fieldsHeader } from "./fields.mjs";
import { INSTRUCTION_SETS, TARGETS, thisTarget } from "./targets.mjs";

export const KERNEL = join(root, "packages/kernel/source");
export const ADDON = join(root, "packages/engine-native/addon");

const COMMON = ["-std=gnu11", "-O3", "-Wall", "-Werror", "-fPIC", "-fvisibility=hidden", "-DNDEBUG"];
/** As for WebAssembly: results are reproducible for each instruction set. */
export const KERNEL_FLAGS = [
  "-fno-inline",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-signed-zeros",
  "-ffp-contract=off",
  "-Wno-unused-function",
];
const ADDON_FLAGS = ["-DNAPI_VERSION=8", "-Wno-unused-function"];

/** Path of the binary of a target. */
export function binaryOf(target) {
  return join(root, "packages", `engine-native-${target}`, "engine.node");
}

/** Folder with the binaries of earlier builds, by hash of sources, flags and compiler. */
const CACHE = process.env.DNC_KERNELS || join(home, "native-engine");

/**
 * Returns the path of a binary in the cache, whether or not it is there. The name is a hash of everything that the binary depends on.
 *
 * @param {string} target - a key of `TARGETS`.
 * @param {{ version: string }} compiler - the version that `findCompiler` returns.
 */
export function cachedBinary(target, compiler) {
  return join(CACHE, `${hashOf(target, compiler)}.node`);
}

/**
 * Builds the binary of a target, or takes it from the cache.
 *
 * @param {string} target - a key of `TARGETS`.
 * @param compiler - as `findCompiler` returns it.
 * @returns {Promise<{ file: string, isCached: boolean }>} the binary.
 * @throws BuildError if the compiler fails.
 */
export async function build(target, compiler) {
  const file = binaryOf(target);
  const cached = cachedBinary(target, compiler);
  const isCached = existsSync(cached);
  if (!isCached) {
    mkdirSync(CACHE, { recursive: true });
    const folder = join(home, `native-engine-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    try {
      const built = await compile(target, compiler, folder);
      renameSync(built, `${cached}.${process.pid}`);
      renameSync(`${cached}.${process.pid}`, cached); // atomically: another build may be reading
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(cached, `${file}.${process.pid}`);
  renameSync(`${file}.${process.pid}`, file); // a process may have the old one loaded
  return { file, isCached };
}

function hashOf(target, { version }) {
  const hash = createHash("sha256").update(JSON.stringify([version, target, TARGETS[target]]));
  hash.update(JSON.stringify([INSTRUCTION_SETS, COMMON, KERNEL_FLAGS, ADDON_FLAGS]));
  hash.update(JSON.stringify([JSON.parse(readFileSync(headersManifest(), "utf8")).version, fields()]));
  for (const folder of [KERNEL, ADDON])
    for (const name of readdirSync(folder).sort()) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

async function compile(target, compiler, folder) {
  const { cpu, link, zig } = TARGETS[target];
  if (compiler.kind === "clang" && target !== thisTarget())
    throw new BuildError(`clang: expected only this machine's target, got ${target}`);
  const cc =
    compiler.kind === "zig" ? [...compiler.command, "cc", "-target", zig, "-fno-sanitize=all"] : compiler.command;
  writeFileSync(join(folder, "fields.h"), fields());
  const units = [];
  for (const [name, flags] of Object.entries(INSTRUCTION_SETS[cpu]))
    for (const unit of ["network", "layout"]) {
      const object = join(folder, `${unit}-${name}.o`);
      const source = join(KERNEL, `${unit}.c`);
      units.push({
        object,
        args: [...COMMON, ...KERNEL_FLAGS, ...flags, `-DEXPORT(name)=name##_${name}`, "-c", source],
      });
    }
  const headers = headersManifest();
  const include = [`-I${KERNEL}`, `-I${folder}`, `-I${join(dirname(headers), "include")}`];
  for (const name of readdirSync(ADDON).filter((name) => name.endsWith(".c"))) {
    const args = [...COMMON, ...ADDON_FLAGS, ...include, "-c", join(ADDON, name)];
    units.push({ object: join(folder, `addon-${name}.o`), args });
  }
  await inParallel(
    units.map(
      ({ object, args }) =>
        () =>
          call([...cc, ...args, "-o", object]),
    ),
  );
  const built = join(folder, "engine.node");
  const imports = target.startsWith("win32") ? [await nodeImports(compiler, dirname(headers), folder)] : [];
  await call([...cc, "-shared", "-s", ...units.map(({ object }) => object), ...imports, ...link, "-o", built]);
  return built;
}

/** Creates the library of the functions that node.exe has. */
async function nodeImports({ command }, headers, folder) {
  const library = join(folder, "node.lib");
  await call([...command, "dlltool", "-d", join(headers, "def/node_api.def"), "-l", library, "-m", "i386:x86-64"]);
  return library;
}

/** Finds the manifest of the package with Node-API's headers. */
function headersManifest() {
  return createRequire(join(ADDON, "addon.c")).resolve("node-api-headers/package.json");
}

/** Generates fields.h. */
function fields() {
  const text = (name) => readFileSync(join(KERNEL, name), "utf8");
  return fieldsHeader(text("plan.h"), text("layout.c"));
}

async function call(command) {
  const caches = { ZIG_GLOBAL_CACHE_DIR: join(home, "zig-cache"), ZIG_LOCAL_CACHE_DIR: join(home, "zig-cache") };
  const { status, output } = await run(command, { env: { ...process.env, ...caches } });
  if (status !== 0) throw new BuildError(`the compiler said:\n${output.trim()}`);
}

/**
 * Compiles a program for this machine with the compiler that builds the engine.
 *
 * @param {string[]} args - the compiler's arguments.
 * @throws BuildError if there is no compiler, or it fails.
 */
export async function compileProgram(args) {
  const { command, kind } = await findCompiler(false);
  await call([...command, ...(kind === "zig" ? ["cc"] : []), ...args]);
}

/** Runs jobs, as many at a time as there are CPUs. */
async function inParallel(jobs) {
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
