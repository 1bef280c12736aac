import type { AccuracyMap } from "./accuracy-map.js";
import type { BlockFrame } from "./block-boards.js";
import type { ChannelLabels } from "./channel-labels.js";
import type { CheckpointEntry } from "./checkpoints.js";
import type { ConfigEntry } from "./config-table.js";
import type { GraphPicture } from "./graph/picture-types.js";
import type { TraceData } from "./images/trace-series.js";
import type { Metrics } from "./metrics.js";
import type { Sample } from "./samples.js";
import type { Phase } from "./timeline/phases.js";

/** Contents of the page of a run. A section without data is left out. */
export type RunReport = {
  /** Heading of the page, such as the task. */
  readonly title: string;
  /** The task's sequences in a few words, such as "4 bits, length 1-2". */
  readonly task?: string | undefined;
  /** The network in a few words, such as "lstm 64, memory 16 x 16". */
  readonly network?: string | undefined;
  /** Facts about its training. */
  readonly training?: TrainingFacts | undefined;
  /** The folder of the run. */
  readonly folder?: string | undefined;
  /** The checkpoint whose weights computed `accuracy` and `trace`. */
  readonly checkpoint?: ShownCheckpoint | undefined;
  /** Metrics from `parseMetrics`, or collected during training. */
  readonly metrics?: Metrics | undefined;
  /** Outputs during training, ascending in `step`; all of them are shown, so pass only a few. */
  readonly samples?: readonly Sample[] | undefined;
  /** Exact-match accuracy by the size of the sequences. */
  readonly accuracy?: AccuracyMap | undefined;
  /** Trace of one sequence. */
  readonly trace?: SequenceTrace | undefined;
  /** Graphs of new sequences, with the answers of the network. */
  readonly graphs?: readonly SequenceGraph[] | undefined;
  /** Episodes of a network that moves blocks. */
  readonly boards?: readonly BlockSequence[] | undefined;
  /** Number of memory slots in `accuracy`, `graphs`, `boards` and `trace`, if it differs from training. */
  readonly memorySize?: number | undefined;
  /** The checkpoints of the run, ascending in `step`. */
  readonly checkpoints?: readonly CheckpointEntry[] | undefined;
  /** The settings of the run. */
  readonly config?: readonly ConfigEntry[] | undefined;
  /** When and how the page was generated. */
  readonly generated?: GeneratedFacts | undefined;
};

/** The checkpoint whose weights computed sections of a page. */
export type ShownCheckpoint = {
  /** Name, such as "step-00000300". */
  readonly name: string;
  /** Number of iterations after which it was saved. */
  readonly step: number;
};

/** Facts about the training of a network. */
export type TrainingFacts = {
  /** When training began. */
  readonly began?: Date | undefined;
  /** Backend, such as "cpu". */
  readonly backend?: string | undefined;
  /** Seed of weights and data. */
  readonly seed?: number | undefined;
  /** Sequences per iteration. */
  readonly batchSize?: number | undefined;
  /** Planned number of iterations. */
  readonly iterations?: number | undefined;
  /** Command line that trains such a run. */
  readonly command?: string | undefined;
  /** Unit of the loss; default: nats per sequence. */
  readonly lossUnit?: string | undefined;
};

/** A trace of one sequence, with names of its channels. */
export type SequenceTrace = {
  /**
   * The trace, of which the first sequence is shown. It may include the sequence: `observations`, `target` and
   * `output`.
   */
  readonly data: TraceData;
  /** The sequence in a few words. */
  readonly description?: string | undefined;
  /** Names of the channels of the sequence. */
  readonly labels?: ChannelLabels | undefined;
  /**
   * Parts of the sequence, in the order of time; default: derived from the sequence in `data` and `labels`: steps that count
   * are "output", others are named after their channels, such as "start" and "bits".
   */
  readonly phases?: readonly Phase[] | undefined;
  /** Words for the time steps, such as the edge or the word that is shown at each; default: none. */
  readonly stepLabels?: readonly string[] | undefined;
  /** What the outputs in `data` are, in a word or two; default: "probabilities". */
  readonly outputs?: string | undefined;
};

/** A graph that a network was shown, and its answer. */
export type SequenceGraph = {
  /** What was asked for, in a few words. */
  readonly caption: string;
  /** The graph with the answer. */
  readonly picture: GraphPicture;
  /** The answer as text, a line per step. */
  readonly answer: string;
};

/** Boards of blocks, one after each move of a network. */
export type BlockSequence = {
  /** What was asked for, a line for each goal. */
  readonly goals: readonly string[];
  /** The boards, from the start on. */
  readonly frames: readonly BlockFrame[];
};

/** When and how a page was generated. */
export type GeneratedFacts = {
  /** Time of generation. */
  readonly at: Date;
  /** The command that wrote it. */
  readonly command?: string | undefined;
  /** The backend that computed `accuracy` and `trace`. */
  readonly backend?: string | undefined;
};
