/**
 * Measures the peak of one thread: `node tools/bench/peak.mjs` compiles only the engine's matrix product, for each
 * instruction set, and times it on matrices that fit into the cache. Prints GFLOP/s, best of many runs.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import v8 from "node:v8";
import { root } from "../pnpm.mjs";

const SIZES = [
  [64, 256, 256],
  [16, 256, 134],
  [16, 1024, 522],
];
const SETS = { simd: [], "relaxed-simd": ["-mrelaxed-simd"] };
const DRIVER = `
#include "product.h"
__attribute__((export_name("run"))) void run(float *c, float *a, float *b, int rows, int columns, int k) {
  product(c, columns, a, k, rows, b, k, 0, k, columns);
}`;
const FLAGS = ["--target=wasm32-unknown-unknown", "-O3", "-msimd128", "-ffp-contract=off", "-nostdlib"];
const LINK = ["-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--export=__heap_base"];

// Node 20 has relaxed SIMD behind a flag; later versions support it and may not know the flag.
if (process.versions.node.startsWith("20.")) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
const engine = join(root, "packages/engine-wasm");
const compiler = createRequire(join(engine, "package.json")).resolve("@yowasp/clang");
const { runClang } = await import(pathToFileURL(compiler).href);
const headers = Object.fromEntries(
  ["plan.h", "product.h", "simd.h"].map((name) => [name, readFileSync(join(root, "packages/kernel/source", name))]),
);
for (const [set, flags] of Object.entries(SETS)) {
  const sources = { ...headers, "peak.c": DRIVER };
  const silent = { stdout: () => {}, stderr: () => {}, fetchProgress: () => {} };
  const made = await runClang(["clang", ...FLAGS, ...flags, ...LINK, "peak.c", "-o", "peak.wasm"], sources, silent);
  const memory = new WebAssembly.Memory({ initial: 512 });
  const { instance } = await WebAssembly.instantiate(made["peak.wasm"], { env: { memory } });
  for (const size of SIZES) console.log(JSON.stringify({ instruction_set: set, size, ...fastest(instance, size) }));
}

/** Measures the best rate of a product with these rows, columns and depth over a second. */
function fastest({ exports }, [rows, columns, k]) {
  const a = exports.__heap_base.value;
  const b = a + 4 * rows * k;
  const c = b + 4 * k * columns;
  const repeats = Math.ceil(2e7 / (rows * columns * k));
  let best = Number.POSITIVE_INFINITY;
  for (const end = performance.now() + 1000; performance.now() < end; ) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) exports.run(c, a, b, rows, columns, k);
    best = Math.min(best, (performance.now() - start) / repeats);
  }
  return { gflop_per_s: Number(((2 * rows * columns * k) / best / 1e6).toFixed(1)) };
}
