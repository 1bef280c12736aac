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

const engines = new Map<InstructionSet | "best", Engine | undefined>();

/**
 * The engine for an instruction set, by default the best that this machine accepts; compiled at the first call.
 *
 * @returns undefined where WebAssembly has no SIMD.
 */
export function getEngine(wanted?: InstructionSet): Engine | undefined {
  const instructionSet = wanted ?? configuredInstructionSet();
  const key = instructionSet ?? "best";
  if (!engines.has(key)) engines.set(key, createEngine(instructionSet));
  return engines.get(key);
}

function createEngine(wanted: InstructionSet | undefined): Engine | undefined {
  const kernel = loadKernel(wanted);
  if (!kernel) return undefined;
  const heap = new Heap(kernel);
  return { kernel, memory: kernel.memory, heap, threads: new Threads(kernel, heap) };
}
