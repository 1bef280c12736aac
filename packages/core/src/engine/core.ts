import type { CompleteMemoryVariants } from "@dnc/access";
import type { NamedVariable } from "@dnc/controller";
import type { CompleteDncConfig } from "../config.js";
import type { NestedState } from "../state.js";

/**
 * Configuration of a network, with the defaults that `Dnc` fills in; without `seed`, because an engine never draws
 * initial weights.
 */
export type NetworkConfig = Omit<CompleteDncConfig, "controller" | "memory" | "access" | "seed"> & {
  /** The controller's type, or the function that created it. */
  readonly controller: unknown;
  /** Variants of the memory; false: there is no memory, the network is a controller and an output layer. Default: none. */
  readonly memory?: CompleteMemoryVariants | false | undefined;
  /** The function that created a custom memory access, if there is one. */
  readonly access?: unknown;
};

/** The network that an engine computes: its configuration and its parameters. A `Dnc` is one. */
export interface TrainableCore {
  /** The configuration with every default filled in. */
  readonly config: NetworkConfig;
  /**
   * Every parameter in the order of `Dnc`: controller, memory access, output layer; float32. They still belong to the
   * core.
   */
  readonly variables: readonly NamedVariable[];
  /**
   * Creates the state before the first step; needed only for a memory with another `initialMemory` than 0.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  readonly initialState?: ((batchSize: number) => NestedState) | undefined;
}

/** A network that an engine can run over sequences as one op. */
export interface UnrollableCore extends TrainableCore {
  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  initialState(batchSize: number): NestedState;
}
