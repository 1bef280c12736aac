/** Name of an engine on the command line: what computes on the CPU backend. `ops`: TensorFlow.js ops. */
export type EngineName = "native" | "wasm" | "ops";

/** An engine, and its instruction set: the last bits of a run depend on both. */
export interface EngineRecord {
  /** One of `EngineName`; a checkpoint of a later version may have another. */
  readonly name: string;
  /** Null: it has none, or it is not known. */
  readonly instructionSet: string | null;
}
