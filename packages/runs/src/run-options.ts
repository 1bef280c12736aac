import type { Dnc } from "@dnc/core";
import type { Task } from "@dnc/tasks";

/** What a run records, and how it describes itself. */
export type RunOptions = {
  /** The contents of config.json: plain JSON that says how to repeat the run. */
  readonly config: object;
  /** The network that is trained. */
  readonly network: Dnc;
  /** What samples are drawn from, and the sequences on which checkpoints are compared. */
  readonly task: Task;
  /** Decides those sequences; give `train` a generator of the same seed. Default: 1. */
  readonly seed?: number | undefined;
  /** Iterations from one report to the next, as for `train`; default: 100. Images are drawn at every fiftieth report. */
  readonly reportInterval?: number | undefined;
  /** Iterations in all, if there is an end: the last report has images too. */
  readonly iterations?: number | undefined;
  /** How many of the newest checkpoints are kept, besides the best; default: 5. */
  readonly keepCheckpoints?: number | undefined;
  /** Name of the backend for state.json; default: that of TensorFlow.js. */
  readonly backend?: string | undefined;
  /** The engine's instruction set for state.json, on which the last bits depend; default: null. */
  readonly instructionSet?: string | null | undefined;
  /** Versions of packages for state.json, besides those of Node, `@dnc/core`, tasks, training and runs. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
};
