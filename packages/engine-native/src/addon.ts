/** A network of the addon; only the addon can look into it. */
export interface NetworkHandle {
  readonly handle: unique symbol;
}

/** Functions of the addon, addon/addon.c. They check every argument and throw `name: expected X, got Y`. */
export interface Addon {
  /** Lists the instruction sets that it was built with and this machine supports, the fastest first. */
  instructionSets(): InstructionSet[];
  /** Lists the names of the plan's fields: a field's place is its number. */
  fields(): string[];
  /** Starts threads until there are `count`, with the calling one. @returns how many of these there are. */
  startThreads(count: number): number;
  create(instructionSet: InstructionSet): NetworkHandle;
  set(network: NetworkHandle, field: number, value: number): void;
  get(network: NetworkHandle, field: number): number;
  /** Computes the bytes that a network needs for a shape. */
  measure(network: NetworkHandle, ...shape: ShapeNumbers): number;
  /** Prepares for a shape; the last argument is the limit of its bytes. @returns the bytes that it has. */
  prepare(network: NetworkHandle, ...shape: [...ShapeNumbers, limit: number]): number;
  read(network: NetworkHandle, field: number, offset: number, into: Float32Array): void;
  write(network: NetworkHandle, field: number, offset: number, from: Float32Array | Int32Array): void;
  /** Runs a command. @returns the number of threads that it ran on. */
  run(network: NetworkHandle, command: number): number;
  /** The same without blocking the event loop. */
  runAsync(network: NetworkHandle, command: number): Promise<number>;
  clearGradients(network: NetworkHandle): void;
  dispose(network: NetworkHandle): void;
}

/** A shape in the addon's order; true is 1. */
export type ShapeNumbers = [
  timeSteps: number,
  batchSize: number,
  maxThreads: number,
  history: number,
  training: number,
];

/** Instructions that the kernel uses. Results are reproducible for each, and differ between them in their last bits. */
export type InstructionSet = "avx512" | "avx2" | "neon";

/** All instruction sets, the fastest of each kind of processor first. */
export const INSTRUCTION_SETS: readonly InstructionSet[] = ["avx512", "avx2", "neon"];
