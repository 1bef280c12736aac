import relaxedSimd from "./generated/relaxed-simd.js";
import simd from "./generated/simd.js";
import { PLAN_BYTES } from "./plan.js";

/** WebAssembly instructions that the kernel uses: with fused multiply-add or without. Results are reproducible for each. */
export type InstructionSet = "relaxed-simd" | "simd";

/** All instruction sets, the fastest first. */
export const INSTRUCTION_SETS: readonly InstructionSet[] = ["relaxed-simd", "simd"];

/** Exports of the WebAssembly module; documented in network.c and layout.c of @dnc/kernel. */
export interface KernelExports {
  layout(plan: number, base: number): number;
  planSize(): number;
  clearGradients(plan: number): void;
  /** Runs a command of a plan on one of its threads. @returns 0 if another thread has failed. */
  run(plan: number, command: number, threadIndex: number, threadCount: number): number;
  fail(barrier: number): void;
  readonly __heap_base: WebAssembly.Global;
  readonly __stack_pointer: WebAssembly.Global;
}

/** The compiled kernel and its memory, which all threads share. */
export interface Kernel {
  readonly instructionSet: InstructionSet;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
  /** false if the machine or the page has no shared memory: then the kernel runs on one thread. */
  readonly shared: boolean;
}

/** Largest memory that WebAssembly can address, in pages of 64 KiB. */
export const MAX_PAGES = 65536;

const MODULES = { "relaxed-simd": relaxedSimd, simd };

const INITIAL_PAGES = 64;
const MEMORY_NAME = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2]; // name of the imported memory: "env" "memory", then its kind
const SHARED_WITH_LIMIT = 3;
const LIMIT = 1;

/**
 * Compiles the kernel.
 *
 * @param requested - the instruction set; default: the fastest that this machine supports.
 * @throws TypeError if WebAssembly, the instruction set or memory is not available, with the reason; Error if the module and
 *   `@dnc/kernel` are of different versions.
 */
export function loadKernel(requested?: InstructionSet): Kernel {
  if (!hasWebAssembly()) throw new TypeError("WebAssembly: expected it in this process, got none");
  const shared = typeof SharedArrayBuffer !== "undefined";
  for (const instructionSet of requested ? [requested] : INSTRUCTION_SETS) {
    const bytes = decode(MODULES[instructionSet]);
    if (!shared) unshare(bytes);
    if (!validate(bytes)) continue;
    const module = new WebAssembly.Module(bytes);
    const memory = largestMemory(shared);
    const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
    checkPlanSize(exports);
    return { instructionSet, module, memory, exports, shared };
  }
  throw new TypeError(`WebAssembly: expected ${requested ?? "simd"}, this machine has none`);
}

/**
 * Lists the instruction sets that this machine supports.
 *
 * @returns the fastest first; empty without WebAssembly SIMD.
 */
export function availableInstructionSets(): readonly InstructionSet[] {
  if (!hasWebAssembly()) return [];
  return INSTRUCTION_SETS.filter((instructionSet) => validate(decode(MODULES[instructionSet])));
}

/** Checks that the module was compiled from the source whose plan `PLAN_FIELDS` lists. */
function checkPlanSize({ planSize }: KernelExports): void {
  if (planSize() !== PLAN_BYTES)
    throw new Error(`a kernel whose plan has ${planSize()} bytes, where this version of @dnc/kernel has ${PLAN_BYTES}`);
}

/** Whether WebAssembly exists here: Node's `--jitless` and a page's security policy can disable it. */
function hasWebAssembly(): boolean {
  return typeof WebAssembly !== "undefined";
}

/**
 * Validates a module, if necessary after enabling relaxed SIMD in V8: Node 20 has it behind a flag. The flag is set only if
 * the module is rejected without it, because a V8 that no longer knows the flag prints a warning.
 */
function validate(bytes: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(bytes)) return true;
  const v8 = globalThis.process?.getBuiltinModule?.("node:v8");
  try {
    v8?.setFlagsFromString("--experimental-wasm-relaxed-simd");
  } catch {
    return false; // Not V8.
  }
  return WebAssembly.validate(bytes);
}

/** Creates a memory with the largest maximum that this machine allows: some reserve address space for the maximum. */
function largestMemory(shared: boolean): WebAssembly.Memory {
  for (let maximum = MAX_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared });
    } catch (cause) {
      if (maximum > INITIAL_PAGES) continue;
      const { message } = cause as Error;
      throw new TypeError(`WebAssembly: expected address space for its memory, got none (${message})`, { cause });
    }
  }
}

/** Changes the module to import a memory that is not shared: sets the flag after the name of the import. */
function unshare(bytes: Uint8Array): void {
  const at = bytes.findIndex((_, start) => MEMORY_NAME.every((byte, offset) => bytes[start + offset] === byte));
  const flag = at + MEMORY_NAME.length;
  if (at < 0 || bytes[flag] !== SHARED_WITH_LIMIT)
    throw new Error("kernel: expected an imported shared memory, got none");
  bytes[flag] = LIMIT;
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
