import type { NetworkSizes } from "@dnc/core/engine";
import type { ArrayField, NumberField } from "./generated/plan.js";

/** Shape of the batch that a network runs on, and which of its values are saved. */
export interface RunShape {
  /** Number of time steps. */
  readonly timeSteps: number;
  /** Number of sequences. */
  readonly batchSize: number;
  /** Largest number of threads to run on. */
  readonly maxThreads: number;
  /** Whether every step is saved for the backward pass. */
  readonly history: boolean;
  /** Whether there are targets, mask and optimizer state. */
  readonly training: boolean;
}

/**
 * Whether two shapes are the same.
 *
 * @param shape - a shape.
 * @param other - another; undefined: none.
 */
export function isSameShape(shape: RunShape, other: RunShape | undefined): boolean {
  return other !== undefined && Object.entries(shape).every(([key, value]) => other[key as keyof RunShape] === value);
}

/** What a network can run. The numbers are those of `run` in source/network.c. */
export const COMMANDS = {
  /** A training iteration. */
  train: 0,
  /** The forward pass. */
  forward: 1,
  /** The backward pass, once after a forward pass: it replaces values of that. */
  backward: 2,
} as const;

/** Name of a command. */
export type Command = keyof typeof COMMANDS;

/**
 * A network in the memory of a host: the kernel's plan, and the arrays that the plan points to. Arrays enter and leave as
 * copies: nothing outside the host sees its memory.
 */
export interface KernelNetwork {
  /** The network's sizes. */
  readonly sizes: NetworkSizes;
  /** The shape of the last `prepare`; undefined before the first. */
  readonly shape: RunShape | undefined;
  /** Number of threads that the last command ran on; 0 before the first. */
  readonly threadsUsed: number;
  /**
   * Sets numbers of the plan: those of loss and optimizer before `prepare`, because the layout depends on them.
   *
   * @param values - the numbers by name; only those that plan.h says the host writes.
   */
  set(values: Partial<Record<NumberField, number>>): void;
  /**
   * Returns a number of the plan, such as the stride between rows of logits. Derived ones are valid after `prepare`.
   *
   * @param field - its name.
   */
  get(field: NumberField): number;
  /**
   * Prepares for batches of a shape. Parameters and optimizer state keep their values; all other arrays are undefined.
   *
   * @param shape - the shape.
   * @throws RangeError with the size if there is not enough memory; then nothing has changed. Error after `dispose`.
   */
  prepare(shape: RunShape): void;
  /**
   * Copies numbers of an array of the plan.
   *
   * @param field - the array.
   * @param offset - index of the first number.
   * @param into - where they go; its length is how many.
   */
  read(field: ArrayField, offset: number, into: Float32Array): void;
  /**
   * Copies numbers to an array of the plan.
   *
   * @param field - the array.
   * @param offset - index of the first number.
   * @param from - the numbers: integers for an array of integers.
   */
  write(field: ArrayField, offset: number, from: Float32Array | Int32Array): void;
  /**
   * Runs a command, on at most one thread per batch element.
   *
   * @param command - the command.
   * @throws Error if a thread fails: then results and parameters are invalid.
   */
  run(command: Command): void;
  /**
   * The same without blocking the event loop; absent if the host cannot do that. Until the promise is settled, the network
   * refuses everything else.
   *
   * @param command - the command.
   */
  readonly runAsync?: ((command: Command) => Promise<void>) | undefined;
  /** Zeroes the gradients of the states, before those of logits and final state are written for a backward pass. */
  clearGradients(): void;
  /** Frees the memory. May be called more than once. */
  dispose(): void;
}

/** What runs the kernel, compiled for one instruction set: its memory and its threads. */
export interface KernelHost {
  /** Name of the instruction set; results are reproducible for each. */
  readonly instructionSet: string;
  /**
   * Creates a network, with {@link sizeFields} in its plan.
   *
   * @param sizes - its sizes.
   */
  createNetwork(sizes: NetworkSizes): KernelNetwork;
  /**
   * Starts threads until there are that many. They take part as soon as they are ready.
   *
   * @param count - number of threads, including the calling one; more than 32 count as 32.
   */
  startThreads(count: number): void;
}
