import type { CaptionedBoard, GraphSequence } from "@dnc/tasks";
import type { Trace } from "./trace.js";

/** What the page shows of one sequence: the trace, and what it means. All of it can be sent between threads. */
export interface SequenceView {
  /** What the sequence is, in a few words. */
  readonly title: string;
  readonly trace: Trace;
  /** Names of the channels of inputs and targets; absent: numbers. */
  readonly labels?: { readonly inputs: readonly string[]; readonly targets: readonly string[] } | undefined;
  /** Name of the part of the sequence that each time step belongs to; absent: not known. */
  readonly phases?: readonly string[] | undefined;
  /** Words for the time steps, such as the edge that is shown at each; absent: none. */
  readonly stepLabels?: readonly string[] | undefined;
  /** How an output is read: as bits, as one symbol of each group, or as a number. */
  readonly reading: "bits" | "symbols" | "numbers";
  /** Sizes of the groups of symbols; absent: one group. */
  readonly groupSizes?: readonly number[] | undefined;
  /** Whether the trace has no targets, so that nothing is right or wrong; default: false. */
  readonly withoutTargets?: boolean | undefined;
  /** The graph of a graph task, with the network's answers. */
  readonly graph?: GraphSequence | undefined;
  /** The boards of a block puzzle. */
  readonly boards?: Boards | undefined;
}

/** An episode of a block puzzle: its goals as text, and its boards. */
export interface Boards {
  readonly goals: readonly string[];
  readonly frames: readonly CaptionedBoard[];
}
