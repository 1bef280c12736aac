import type { Naming } from "./read-graph.js";

/** How episodes are presented to the network. */
export type PathPresentation = {
  /** Number of digits of a label. */
  readonly digits: number;
  /** Number of steps without input between query and answer; `edges`: as many as the graph has edges. */
  readonly planningSteps: number | "edges";
  /** Finds names for what is rendered; default: numbers are shown. */
  readonly naming?: Naming | undefined;
};
