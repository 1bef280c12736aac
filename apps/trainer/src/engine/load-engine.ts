import type { KernelEngine } from "@dnc/core/engine";

/** An engine with custom kernels, whose package is loaded. */
export interface LoadedEngine {
  readonly engine: KernelEngine;
  /** Lists the instruction sets that this machine has, the fastest first. */
  availableInstructionSets(): readonly string[];
  /** Sets the defaults of the engine; an absent option is reset to its own. */
  configureEngine(options: { threads?: number | undefined; instructionSet?: string | undefined }): void;
  /** Explains why the engine is not available; undefined if it is. */
  whyUnavailable(): string | undefined;
}

/** Loads the package of an engine; each takes time to load, and only one computes. */
export async function loadEngine(name: "native" | "wasm"): Promise<LoadedEngine> {
  if (name === "native") {
    const { nativeEngine: engine, ...rest } = await import("@dnc/engine-native");
    return { engine, ...rest };
  }
  const { wasmEngine: engine, ...rest } = await import("@dnc/engine-wasm");
  return { engine, ...rest };
}
