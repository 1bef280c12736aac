import { Heap } from "./heap.js";
import { type InstructionSet, type Kernel, loadKernel } from "./kernel.js";
import { configuredInstructionSet } from "./options.js";
import { Threads } from "./threads.js";

/** The compiled kernel with its memory and its threads. */
export interface Runtime {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  readonly threads: Threads;
}

/** For each instruction set that was asked for the runtime, or why there is none. */
const runtimes = new Map<InstructionSet | "best", Runtime | string>();

/**
 * The runtime for an instruction set, by default the best that this machine accepts; compiled at the first call.
 *
 * @returns undefined where WebAssembly, its SIMD or its memory cannot be had.
 */
export function getRuntime(wanted?: InstructionSet): Runtime | undefined {
  const runtime = runtimeOrReason(wanted);
  return typeof runtime === "string" ? undefined : runtime;
}

/**
 * Why there is no runtime.
 *
 * @returns a sentence such as `WebAssembly: expected simd, this machine has none`; undefined where there is one.
 */
export function whyNoRuntime(wanted?: InstructionSet): string | undefined {
  const runtime = runtimeOrReason(wanted);
  return typeof runtime === "string" ? runtime : undefined;
}

function runtimeOrReason(wanted: InstructionSet | undefined): Runtime | string {
  const instructionSet = wanted ?? configuredInstructionSet();
  const key = instructionSet ?? "best";
  const runtime = runtimes.get(key) ?? createRuntime(instructionSet);
  runtimes.set(key, runtime);
  return runtime;
}

function createRuntime(wanted: InstructionSet | undefined): Runtime | string {
  try {
    const kernel = loadKernel(wanted);
    const heap = new Heap(kernel);
    return { kernel, memory: kernel.memory, heap, threads: new Threads(kernel, heap) };
  } catch (error) {
    // Whatever it is, everything else works without the engine.
    const { message } = error as Error;
    return message.startsWith("WebAssembly") ? message : `WebAssembly: expected it to start, got ${message}`;
  }
}
