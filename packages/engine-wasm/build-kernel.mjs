/**
 * Compiles the C source of @dnc/kernel for each instruction set and writes src/generated/: the modules in base64, and the offsets of the
 * plan's fields, read from its plan.h.
 *
 * DNC_KERNELS may name a folder that caches compiled modules by sources, flags and compiler.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { runClang } from "@yowasp/clang";

const here = (path) => new URL(path, import.meta.url);
const SOURCE = here("../kernel/source/");
const INSTRUCTION_SETS = { simd: [], "relaxed-simd": ["-mrelaxed-simd"] };
const FLAGS = [
  "--target=wasm32-unknown-unknown",
  "-Wall",
  "-Werror",
  "-O3",
  // A third faster as measured: small functions whose values fit into registers are faster than large ones.
  "-fno-inline",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-signed-zeros",
  "-fassociative-math",
  "-ffp-contract=off",
  "-msimd128",
  "-matomics",
  "-mbulk-memory",
  "-nostdlib",
  "-Wl,--no-entry",
  "-Wl,--import-memory",
  "-Wl,--shared-memory",
  "-Wl,--max-memory=4294967296",
  "-Wl,--export=__heap_base",
  "-Wl,--export=__stack_pointer",
  "-Wl,-z,stack-size=65536",
  "-Wl,--strip-all",
];

const sources = Object.fromEntries(readdirSync(SOURCE).map((name) => [name, readFileSync(new URL(name, SOURCE))]));
mkdirSync(here("src/generated/"), { recursive: true });
if (isMainThread) {
  // Each in a thread: clang itself is WebAssembly and uses only one.
  await Promise.all(Object.keys(INSTRUCTION_SETS).map(inThread));
  writeFileSync(here("src/generated/plan.ts"), planModule(sources["plan.h"].toString()));
} else {
  const wasm = await compileCached(INSTRUCTION_SETS[workerData]);
  const text = `/** The kernel for ${workerData}, base64. */\nexport default "${Buffer.from(wasm).toString("base64")}";\n`;
  writeFileSync(here(`src/generated/${workerData}.ts`), text);
}

/** Runs this module in a thread for one instruction set. */
function inThread(name) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: name });
    worker.on("error", reject);
    worker.on("exit", (status) => (status === 0 ? resolve() : reject(new Error(`compiling for ${name} failed`))));
  });
}

async function compileCached(flags) {
  const folder = process.env.DNC_KERNELS;
  if (!folder) return compile(flags);
  const { devDependencies } = JSON.parse(readFileSync(here("package.json"), "utf8"));
  const hash = createHash("sha256").update(JSON.stringify([devDependencies["@yowasp/clang"], FLAGS, flags]));
  for (const [name, bytes] of Object.entries(sources)) hash.update(`\0${name}\0${bytes.length}\0`).update(bytes);
  const file = join(folder, `${hash.digest("hex")}.wasm`);
  if (existsSync(file)) return readFileSync(file);
  const wasm = await compile(flags);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, wasm);
  renameSync(`${file}.${process.pid}`, file); // atomically: another build may be reading
  return wasm;
}

async function compile(flags) {
  const messages = [];
  const keep = (bytes) => bytes && messages.push(Buffer.from(bytes).toString());
  const files = Object.keys(sources).filter((name) => name.endsWith(".c"));
  try {
    const out = await runClang(["clang", ...FLAGS, ...flags, ...files, "-o", "kernel.wasm"], sources, {
      stdout: keep,
      stderr: keep,
      fetchProgress: () => {},
    });
    return out["kernel.wasm"];
  } catch (error) {
    throw new Error(messages.filter((line) => !line.includes("fetched")).join(""), { cause: error });
  }
}

/** Generates the offsets of the fields of `Plan`, in 4-byte words, and the names of those that are floats. */
function planModule(header) {
  const body = header.slice(header.indexOf("typedef struct {"), header.indexOf("} Plan;")).replace(/\/\/.*$/gm, "");
  const constants = { MAX_THREADS: Number(header.match(/MAX_THREADS = (\d+)/)[1]) };
  const offsets = {};
  const floats = [];
  let words = 0;
  for (const [, type, names] of body.matchAll(/(int|float)\s+([^;]+);/g)) {
    for (const declared of names.split(",")) {
      const [, pointer, name, size = "1"] = declared.trim().match(/^(\*?)(\w+)(?:\[(\w+)\])?$/);
      offsets[name] = words;
      if (type === "float" && !pointer) floats.push(name);
      words += constants[size] ?? Number(size);
    }
  }
  return `/** Offsets of the fields of the kernel's plan, in 4-byte words. */
export const PLAN = ${JSON.stringify(offsets, undefined, 2)} as const;

/** Names of the fields that are floats; the others are integers or addresses. */
export const PLAN_FLOATS: readonly string[] = ${JSON.stringify(floats)};

/** Size of a plan in 4-byte words. */
export const PLAN_WORDS = ${words};
`;
}
