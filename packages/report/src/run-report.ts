import type { AccuracyMap } from "./accuracy-map.js";
import type { CheckpointEntry } from "./checkpoints.js";
import type { ConfigEntry } from "./config-table.js";
import type { ChannelLabels } from "./images/sequence-heatmaps.js";
import type { TraceData } from "./images/trace-series.js";
import type { Metrics } from "./metrics.js";
import type { Sample } from "./samples.js";

/** What the page of a run shows. A section whose data are absent is left out. */
export type RunReport = {
  /** Heading of the page, such as the task. */
  readonly title: string;
  /** The sequences in a line, such as "4 bits, length 1-2". */
  readonly task?: string | undefined;
  /** The network in a line, such as "lstm 64, memory 16 x 16". */
  readonly network?: string | undefined;
  /** How it was trained. */
  readonly training?: TrainingFacts | undefined;
  /** The folder of the run. */
  readonly folder?: string | undefined;
  /** The checkpoint whose weights computed `accuracy` and `trace`. */
  readonly checkpoint?: ShownCheckpoint | undefined;
  /** Of `parseMetrics`, or collected during training. */
  readonly metrics?: Metrics | undefined;
  /** Outputs during training, ascending in `step`: a few, for all of them are shown. */
  readonly samples?: readonly Sample[] | undefined;
  /** How often the network is right, by the size of the sequences. */
  readonly accuracy?: AccuracyMap | undefined;
  /** What the memory does with one sequence. */
  readonly trace?: SequenceTrace | undefined;
  /** Slots of the memory in `accuracy` and `trace`, if it is not the size that was trained. */
  readonly memorySize?: number | undefined;
  /** The checkpoints of the run, ascending in `step`. */
  readonly checkpoints?: readonly CheckpointEntry[] | undefined;
  /** The settings of the run. */
  readonly config?: readonly ConfigEntry[] | undefined;
  /** How the page came about. */
  readonly generated?: GeneratedFacts | undefined;
};

/** A checkpoint whose weights a page shows at work. */
export type ShownCheckpoint = {
  /** Such as "step-00000300". */
  readonly name: string;
  /** Iterations after which it was saved. */
  readonly step: number;
};

/** How a network was trained. */
export type TrainingFacts = {
  /** When training began. */
  readonly began?: Date | undefined;
  /** Such as "cpu". */
  readonly backend?: string | undefined;
  /** Of weights and data. */
  readonly seed?: number | undefined;
  /** Sequences per iteration. */
  readonly batchSize?: number | undefined;
  /** Iterations planned in all. */
  readonly iterations?: number | undefined;
  /** A command line that trains such a run. */
  readonly command?: string | undefined;
};

/** A trace of one sequence, and what its channels are called. */
export type SequenceTrace = {
  /** The first sequence of its batch is shown. May include the sequence: `observations`, `target` and `output`. */
  readonly data: TraceData;
  /** The sequence in a line. */
  readonly description?: string | undefined;
  /** Names of the channels of the sequence. */
  readonly labels?: ChannelLabels | undefined;
};

/** How a page came about. */
export type GeneratedFacts = {
  /** When. */
  readonly at: Date;
  /** The command that wrote it. */
  readonly command?: string | undefined;
  /** The backend that computed `accuracy` and `trace`. */
  readonly backend?: string | undefined;
};
