import type { NamedVariable } from "@dnc/controller";
import type { CompleteDncConfig } from "../config.js";
import type { DncState } from "../dnc-state.js";

/** The configuration of a network, as `Dnc` completes it; initial weights do not matter to an engine. */
export type NetworkConfig = Omit<CompleteDncConfig, "controller" | "seed"> & {
  /** The controller's type, or the function that made it. */
  readonly controller: unknown;
};

/** The network that an engine computes: its configuration and its parameters. A `Dnc` is one. */
export interface TrainableCore {
  /** With every default filled in. */
  readonly config: NetworkConfig;
  /** Every parameter in the order of `Dnc`: controller, memory access, output layer. Of float32; they stay the core's. */
  readonly variables: readonly NamedVariable[];
}

/** A network that runs over sequences as one op. */
export interface UnrollableCore extends TrainableCore {
  /**
   * The state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`.
   */
  initialState(batchSize: number): DncState;
}
