import type { Flag, ValuesOf } from "./flag.js";

/** The largest seed. */
export const MAX_SEED = 2 ** 31 - 1;

const MODEL = "The network (N, W and R are the paper's symbols; the other flags have none there):";
const LEARNING = "Learning:";
const TASK = "The task:";
/** Heading of the flags that say how a run goes. */
export const RUN = "The run:";

/**
 * Every setting of `dnc train`, once.
 *
 * Names, defaults and meanings are those of the reference's training script; the last group and the two choices
 * (`task`, `controller`) are ours.
 */
export const FLAGS = [
  {
    name: "hidden_size",
    group: MODEL,
    kind: "integer",
    default: 64,
    min: 1,
    help: "units of the controller, or of each of its layers",
  },
  {
    name: "memory_size",
    group: MODEL,
    kind: "integer",
    default: 16,
    min: 1,
    placeholder: "N",
    help: "N: slots of the memory",
  },
  {
    name: "word_size",
    group: MODEL,
    kind: "integer",
    default: 16,
    min: 1,
    placeholder: "W",
    help: "W: numbers in a slot",
  },
  {
    name: "num_write_heads",
    group: MODEL,
    kind: "integer",
    default: 1,
    min: 1,
    help: "write heads (the paper has one)",
  },
  {
    name: "num_read_heads",
    group: MODEL,
    kind: "integer",
    default: 4,
    min: 1,
    placeholder: "R",
    help: "R: read heads",
  },
  {
    name: "clip_value",
    group: MODEL,
    kind: "number",
    default: 20,
    min: 0,
    help: "largest magnitude of controller state and logits; 0: no clipping",
  },
  {
    name: "controller",
    group: MODEL,
    kind: "choice",
    default: "lstm",
    choices: ["lstm", "deep-lstm", "gru", "feed-forward"],
    help: "the network that steers the memory",
  },
  {
    name: "max_grad_norm",
    group: LEARNING,
    kind: "number",
    default: 50,
    min: 0,
    above: true,
    help: "gradients are scaled down to this global norm",
  },
  {
    name: "learning_rate",
    group: LEARNING,
    kind: "number",
    default: 1e-4,
    min: 0,
    above: true,
    help: "step size of RMSProp (decay 0.9, no momentum)",
  },
  {
    name: "optimizer_epsilon",
    group: LEARNING,
    kind: "number",
    default: 1e-10,
    min: 0,
    above: true,
    help: "added to RMSProp's mean square, inside the root",
  },
  {
    name: "num_training_iterations",
    group: LEARNING,
    kind: "integer",
    default: 100_000,
    min: 1,
    help: "how long to train",
  },
  {
    name: "task",
    group: TASK,
    kind: "choice",
    default: "repeat-copy",
    choices: ["repeat-copy", "copy"],
    help: "what to learn: to write a pattern n times, or once",
  },
  {
    name: "batch_size",
    group: TASK,
    kind: "integer",
    default: 16,
    min: 1,
    help: "sequences in an iteration",
  },
  {
    name: "num_bits",
    group: TASK,
    kind: "integer",
    default: 4,
    min: 1,
    help: "bits in a vector of the pattern",
  },
  {
    name: "min_length",
    group: TASK,
    kind: "integer",
    default: 1,
    min: 1,
    help: "vectors in the shortest pattern",
  },
  {
    name: "max_length",
    group: TASK,
    kind: "integer",
    default: 2,
    min: 1,
    help: "vectors in the longest pattern",
  },
  {
    name: "min_repeats",
    group: TASK,
    kind: "integer",
    default: 1,
    min: 1,
    onlyFor: "repeat-copy",
    help: "fewest repetitions asked for (repeat-copy only)",
  },
  {
    name: "max_repeats",
    group: TASK,
    kind: "integer",
    default: 2,
    min: 1,
    onlyFor: "repeat-copy",
    help: "most repetitions asked for (repeat-copy only)",
  },
  {
    name: "report_interval",
    group: RUN,
    kind: "integer",
    default: 100,
    min: 1,
    help: "iterations between reports",
  },
  {
    name: "checkpoint_dir",
    group: RUN,
    kind: "text",
    default: undefined,
    what: "the name of a folder",
    isPath: true,
    placeholder: "DIR",
    help: "the run's folder, or that of a run to go on with (default: a new one in runs/)",
  },
  {
    name: "resume",
    group: RUN,
    kind: "text",
    default: undefined,
    what: "the folder of a run",
    isPath: true,
    placeholder: "DIR",
    help: "goes on with the run in this folder, exactly where its newest whole checkpoint stands",
  },
  {
    name: "checkpoint_interval",
    group: RUN,
    kind: "integer",
    default: -1,
    min: -1,
    help: "iterations between checkpoints; -1 or 0: only at the end",
  },
  {
    name: "keep_checkpoints",
    group: RUN,
    kind: "integer",
    default: 5,
    min: 1,
    help: "the newest checkpoints that stay, besides the best",
  },
  {
    name: "seed",
    group: RUN,
    kind: "integer",
    default: undefined,
    min: 0,
    max: MAX_SEED,
    help: "fixes weights, data and samples (default: drawn and recorded)",
  },
  {
    name: "backend",
    group: RUN,
    kind: "choice",
    default: "auto",
    choices: ["auto", "cuda", "webgpu", "cpu", "node"],
    help: "what computes; auto takes the fastest that works for the network; one of",
  },
  {
    name: "threads",
    group: RUN,
    kind: "integer",
    default: undefined,
    min: 1,
    max: 32,
    help: "threads of the cpu backend (default: one a processor, up to 8); results do not depend on it",
  },
  {
    name: "json",
    group: RUN,
    kind: "switch",
    default: false,
    help: "a JSON object a report on standard output, nothing else there",
  },
] as const satisfies readonly Flag[];

/** Flags that say where and how to show a run, not what it computes: its config.json has none of them. */
export const NOT_RECORDED: readonly string[] = ["checkpoint_dir", "resume", "json", "threads"];

/** A value for every flag; the seed and the folders may be left to the run. */
export type Settings = ValuesOf<typeof FLAGS>;

/** The flag of that name, in its own spelling (underscores). */
export function flagNamed(name: string): Flag | undefined {
  return FLAGS.find((flag) => flag.name === name);
}
