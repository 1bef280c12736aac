import { Heap } from "./heap.js";
import { type InstructionSet, type Kernel, loadKernel } from "./kernel.js";
import { configuredInstructionSet } from "./options.js";
import { Threads } from "./threads.js";

/** The compiled kernel with its memory and its threads. */
export interface Engine {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  readonly threads: Threads;
}

/** What there is for each instruction set that was asked for: the engine, or why there is none. */
const engines = new Map<InstructionSet | "best", Engine | string>();

/**
 * The engine for an instruction set, by default the best that this machine accepts; compiled at the first call.
 *
 * @returns undefined where WebAssembly, its SIMD or its memory cannot be had.
 */
export function getEngine(wanted?: InstructionSet): Engine | undefined {
  const engine = engineOrReason(wanted);
  return typeof engine === "string" ? undefined : engine;
}

/**
 * Why there is no engine.
 *
 * @returns a sentence such as `WebAssembly: expected simd, this machine has none`; undefined where there is one.
 */
export function whyNoEngine(wanted?: InstructionSet): string | undefined {
  const engine = engineOrReason(wanted);
  return typeof engine === "string" ? engine : undefined;
}

function engineOrReason(wanted: InstructionSet | undefined): Engine | string {
  const instructionSet = wanted ?? configuredInstructionSet();
  const key = instructionSet ?? "best";
  const engine = engines.get(key) ?? createEngine(instructionSet);
  engines.set(key, engine);
  return engine;
}

function createEngine(wanted: InstructionSet | undefined): Engine | string {
  try {
    const kernel = loadKernel(wanted);
    const heap = new Heap(kernel);
    return { kernel, memory: kernel.memory, heap, threads: new Threads(kernel, heap) };
  } catch (error) {
    // Whatever it is, everything else goes on without the engine.
    const { message } = error as Error;
    return message.startsWith("WebAssembly") ? message : `WebAssembly: expected it to start, got ${message}`;
  }
}
