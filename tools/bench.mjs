/**
 * Times training: `node tools/bench.mjs --workload S --backend cpu --threads 2 --seconds 10 --json`.
 *
 * bench/README.md describes what is timed. Exit status: 0 done, 1 failed, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { WORKLOADS } from "./bench/workloads.mjs";
import { script, UsageError } from "./flags.mjs";

/** The engines of each backend, the fastest first; native only where it is built. */
const ENGINES = { cpu: ["native", "wasm", "ops"], webgpu: ["webgpu", "ops"], cuda: ["ops"], node: ["ops"] };

/** Instruction sets of the engines that have several. */
const INSTRUCTION_SETS = { native: ["avx512", "avx2", "neon"], wasm: ["simd", "relaxed-simd"] };

const FLAGS = {
  workload: { kind: "choice", choices: Object.keys(WORKLOADS), default: "S", help: "sizes of network and sequences" },
  backend: { kind: "choice", choices: Object.keys(ENGINES), default: "cpu", help: "TensorFlow.js backend" },
  engine: {
    kind: "choice",
    choices: ["native", "wasm", "webgpu", "ops"],
    help: "engine of cpu (native, wasm) or webgpu, or TensorFlow.js ops (default: the backend's fastest that is built)",
  },
  threads: { kind: "integer", min: 1, max: 32, default: 1, help: "threads of the CPU engine" },
  instruction_set: {
    kind: "choice",
    choices: Object.values(INSTRUCTION_SETS).flat(),
    help: "instruction set of the CPU engine (default: the fastest that the machine supports)",
  },
  seconds: { kind: "number", min: 0, default: 10, help: "length of the timed part, which has at least 5 iterations" },
  wait_idle: { kind: "number", min: 0, default: 0, help: "longest wait for an otherwise idle machine, in seconds" },
  json: { kind: "switch", help: "print one JSON line instead of a summary" },
};

const status = await script({ name: "bench", call: "npm run bench --", flags: FLAGS, check }, main);
// Exit at once: graphics and native libraries have their own threads and may crash during a normal exit.
process.stdout.write("", () => process.exit(status));

/** Checks that backend, engine and instruction set fit; an instruction set chooses the engine that has it. */
function check(options) {
  const { backend, instruction_set: set } = options;
  const ofSet = Object.keys(INSTRUCTION_SETS).find((name) => INSTRUCTION_SETS[name].includes(set));
  options.engine ??= ofSet;
  const { engine } = options;
  if (engine !== undefined && !ENGINES[backend].includes(engine))
    throw new UsageError(`--engine: expected one of ${ENGINES[backend].join(", ")} on ${backend}, got "${engine}".`);
  const sets = INSTRUCTION_SETS[engine]?.join(", ") ?? "none";
  if (set !== undefined && engine !== ofSet)
    throw new UsageError(`--instruction_set: expected ${sets} with engine ${engine}, got "${set}".`);
}

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  const began = performance.now();
  try {
    const { setUp } = await import("./setup.mjs");
    await setUp();
    const settingUp = performance.now() - began;
    const { measure } = await import("./bench/measure.mjs");
    const { summary } = await import("./bench/summary.mjs");
    const result = await measure({
      ...{ ...options, engine: options.engine ?? (await fastest(options.backend)) },
      settingUp,
    });
    console.log(options.json ? JSON.stringify(result) : summary(result));
    return 0;
  } catch (error) {
    console.error(error.name === "TypeError" || error.name === "RangeError" ? `bench: ${error.message}` : error);
    return 1;
  }
}

/** Finds the fastest engine of a backend; the native engine only if it is built for this machine. */
async function fastest(backend) {
  const [first, next] = ENGINES[backend];
  return first === "native" && !(await import("./bench/subject-native.mjs")).hasNative ? next : first;
}
