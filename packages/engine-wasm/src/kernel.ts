import relaxedSimd from "./generated/relaxed-simd.js";
import simd from "./generated/simd.js";

/** Which instructions compute: with fused multiply-add or without. Results are reproducible for each. */
export type InstructionSet = "relaxed-simd" | "simd";

/** The best first. */
export const INSTRUCTION_SETS: readonly InstructionSet[] = ["relaxed-simd", "simd"];

/** What the WebAssembly module exports. */
export interface KernelExports {
  layout(plan: number, base: number): number;
  planSize(): number;
  clearGradients(plan: number): void;
  /** @returns 0 if another thread has failed. */
  run(plan: number, command: number, share: number, count: number): number;
  fail(barrier: number): void;
  readonly __heap_base: WebAssembly.Global;
  readonly __stack_pointer: WebAssembly.Global;
}

/** The compiled kernel, in the memory that all its threads share. */
export interface Kernel {
  readonly instructionSet: InstructionSet;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly exports: KernelExports;
  /** false where the machine or the page has no shared memory: then there is one thread. */
  readonly shared: boolean;
}

/** What WebAssembly can address at most, in pages of 64 KiB. */
export const MAX_PAGES = 65536;

const MODULES = { "relaxed-simd": relaxedSimd, simd };

const FIRST_PAGES = 64;
const MEMORY_NAME = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2]; // "env" "memory", a memory
const SHARED_WITH_LIMIT = 3;
const LIMIT = 1;

/**
 * Compiles the kernel for the best instruction set that this machine accepts.
 *
 * @param wanted - only this instruction set.
 * @throws TypeError saying what is missing, if WebAssembly, its instructions or its memory cannot be had.
 */
export function loadKernel(wanted?: InstructionSet): Kernel {
  if (!hasWebAssembly()) throw new TypeError("WebAssembly: expected it in this process, got none");
  const shared = typeof SharedArrayBuffer !== "undefined";
  for (const instructionSet of wanted ? [wanted] : INSTRUCTION_SETS) {
    const bytes = decode(MODULES[instructionSet]);
    if (!shared) unshare(bytes);
    if (!isAccepted(bytes)) continue;
    const module = new WebAssembly.Module(bytes);
    const memory = largestMemory(shared);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return { instructionSet, module, memory, exports: exports as unknown as KernelExports, shared };
  }
  throw new TypeError(`WebAssembly: expected ${wanted ?? "simd"}, this machine has none`);
}

/**
 * Which of the instruction sets this machine has.
 *
 * @returns the best first; empty without WebAssembly SIMD.
 */
export function availableInstructionSets(): readonly InstructionSet[] {
  if (!hasWebAssembly()) return [];
  return INSTRUCTION_SETS.filter((instructionSet) => isAccepted(decode(MODULES[instructionSet])));
}

/** A process may be without it: Node's `--jitless`, a page's policy. */
function hasWebAssembly(): boolean {
  return typeof WebAssembly !== "undefined";
}

/**
 * Whether this machine compiles the module. Node 20 has relaxed SIMD behind a flag of V8, which is set only where a module
 * is refused: a V8 that no longer knows it would say so on standard error.
 */
function isAccepted(bytes: Uint8Array<ArrayBuffer>): boolean {
  if (WebAssembly.validate(bytes)) return true;
  const v8 = globalThis.process?.getBuiltinModule?.("node:v8");
  try {
    v8?.setFlagsFromString("--experimental-wasm-relaxed-simd");
  } catch {
    return false; // Not V8.
  }
  return WebAssembly.validate(bytes);
}

/** Memory that may grow as far as this machine promises: some reserve address space for all of it at once. */
function largestMemory(shared: boolean): WebAssembly.Memory {
  for (let maximum = MAX_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared });
    } catch (cause) {
      if (maximum > FIRST_PAGES) continue;
      const { message } = cause as Error;
      throw new TypeError(`WebAssembly: expected address space for its memory, got none (${message})`, { cause });
    }
  }
}

/** The same module for memory that is not shared: the flag stands after the memory's name. */
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
