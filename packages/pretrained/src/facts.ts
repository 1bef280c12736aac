/** What a network reached by one criterion of its preset's grade, on new sequences. */
export interface GradeFigure {
  /** Which sequences: `lengths 1 to 20`. */
  readonly on: string;
  /** Name of the metric, such as `bits per sequence`. */
  readonly metric: string;
  /** Mean over the sequences, in the unit of the metric. */
  readonly value: number;
  /** Standard error of the mean. */
  readonly standardError: number;
  /** Number of sequences that were measured. */
  readonly sequences: number;
  /** Lower bound of the grade; absent if it has an upper one. */
  readonly atLeast?: number | undefined;
  /** Upper bound of the grade; absent if it has a lower one. */
  readonly atMost?: number | undefined;
  /** What was published, with its source; absent if nothing was. */
  readonly published?: string | undefined;
}

/** Facts about a trained network: what it does, how it was trained, and what it reached. */
export interface PretrainedFacts {
  /** What it was trained on, in a few words. */
  readonly description: string;
  /** Preset of `dnc train` with its settings and its grade. */
  readonly preset: string;
  /** Name of the task. */
  readonly task: string;
  /** Command that trained it: the same commit, engine and instruction set give the same weights, bit for bit. */
  readonly command: string;
  /** Commit of the repository that the command ran in, abbreviated to ten digits. */
  readonly commit: string;
  /** Day on which it was graded: `2026-11-27`. */
  readonly date: string;
  /** Seed of the initial weights and of the training's sequences. */
  readonly seed: number;
  /** Iterations of the training. */
  readonly iterations: number;
  /** Minutes that the training took, on one thread. */
  readonly minutes: number;
  /** Engine that trained it: `native` or `wasm`. */
  readonly engine: string;
  /** Instruction set of the CPU that the engine used: `avx512`. */
  readonly instructionSet: string;
  /** Number of weights. */
  readonly parameters: number;
  /** Length of `model.safetensors` in bytes. */
  readonly bytes: number;
  /** What it reached, for each criterion of the preset's grade. */
  readonly grade: readonly GradeFigure[];
}
