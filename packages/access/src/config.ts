import type { CompleteMemoryVariants, MemoryVariants } from "./variants.js";

/** Sizes of a memory and its heads, and its variants. */
export interface MemoryAccessConfig extends MemoryVariants {
  /** Width of the controller's output. */
  inputSize: number;
  /** Number of memory slots N, 1 or more; default: 16. */
  memorySize?: number | undefined;
  /** Length W of a memory word, 1 or more; default: 16. */
  wordSize?: number | undefined;
  /** Number of read heads R, 1 or more; default: 4. */
  readHeads?: number | undefined;
  /** Number of write heads, 1 or more; default: 1. */
  writeHeads?: number | undefined;
  /** Fixes the initial weights; an integer from 0 to 2^31; default: 0. */
  seed?: number | undefined;
}

/** Configuration of a memory access with every default filled in. */
export type CompleteMemoryAccessConfig = CompleteMemoryVariants & {
  readonly [Key in Exclude<keyof MemoryAccessConfig, keyof MemoryVariants>]-?: Exclude<
    MemoryAccessConfig[Key],
    undefined
  >;
};
