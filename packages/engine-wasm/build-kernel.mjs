/**
 * Compiles the C source of @dnc/kernel for each instruction set and writes src/generated/: the modules in base64.
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
  // A fifth less to download, at 1 to 2% of speed: no loops unrolled further than written, and offsets of constant size stay in the
  // instructions that load.
  ...["-mllvm", "-unroll-runtime=false", "-mllvm", "-disable-lsr"],
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-signed-zeros",
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
    // Without a `cause`: Node would print its properties, which include every source.
    const said = messages.filter((line) => !line.includes("fetched"));
    throw new Error([...said, error.message].join(""));
  }
}
