import type { NamedVariable } from "@dnc/controller";
import type { CompleteDncConfig } from "../config.js";
import type { DncState } from "../dnc-state.js";

/**
 * Configuration of a network, with the defaults that `Dnc` fills in; without `seed`, because an engine never draws
 * initial weights.
 */
export type NetworkConfig = Omit<CompleteDncConfig, "controller" | "seed"> & {
  /** The controller's type, or the function that created it. */
  readonly controller: unknown;
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
}

/** A network that an engine can run over sequences as one op. */
export interface UnrollableCore extends TrainableCore {
  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  initialState(batchSize: number): DncState;
}
