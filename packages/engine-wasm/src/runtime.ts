import { Heap } from "./heap.js";
import { type InstructionSet, type Kernel, loadKernel } from "./kernel.js";
import { Threads } from "./threads.js";

/** The compiled kernel with its memory and threads. */
export interface Runtime {
  readonly kernel: Kernel;
  readonly memory: WebAssembly.Memory;
  readonly heap: Heap;
  readonly threads: Threads;
}

/** For each instruction set requested so far: the runtime, or the reason why it is not available. */
const runtimes = new Map<InstructionSet | "best", Runtime | string>();

/**
 * Returns the runtime for an instruction set, which is compiled at the first call.
 *
 * @param instructionSet - the instruction set; undefined: the fastest that this machine supports.
 * @returns the runtime; or, if WebAssembly, its SIMD or its memory is not available, a reason such as
 *   `WebAssembly: expected simd, this machine has none`.
 */
export function findRuntime(instructionSet: InstructionSet | undefined): Runtime | string {
  const key = instructionSet ?? "best";
  const runtime = runtimes.get(key) ?? createRuntime(instructionSet);
  runtimes.set(key, runtime);
  return runtime;
}

function createRuntime(requested: InstructionSet | undefined): Runtime | string {
  try {
    const kernel = loadKernel(requested);
    const heap = new Heap(kernel);
    return { kernel, memory: kernel.memory, heap, threads: new Threads(kernel, heap) };
  } catch (error) {
    // Any error only disables the engine; everything else works without it.
    const { message } = error as Error;
    return message.startsWith("WebAssembly") ? message : `WebAssembly: expected it to start, got ${message}`;
  }
}
