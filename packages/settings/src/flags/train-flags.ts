import { BUILT_IN_TASKS, hasOwnFlags } from "../task/names.js";
import {
  choice,
  choiceOrFile,
  type Flag,
  group,
  integer,
  number,
  numberOrWord,
  onlyWith,
  path,
  reversible,
  toggle,
  toggleOrFraction,
  type ValuesOf,
} from "./flag.js";
import type { RunRecord } from "./run-record.js";

/** Largest seed of a run. */
export const MAX_SEED = 2 ** 31 - 1;

/** Values of `--backend`. */
export const BACKENDS = ["auto", "cuda", "webgpu", "cpu", "node"] as const;

/** Name of a backend. */
export type BackendName = Exclude<(typeof BACKENDS)[number], "auto">;

/** Values of `--learning_rate_schedule`. */
const LEARNING_RATE_SCHEDULES = ["constant", "linear", "cosine", "step", "exponential"] as const;

/** The flag `--threads`, which other commands have too. */
export const THREADS = integer(
  "threads",
  undefined,
  "threads of the cpu backend (default: one per CPU core, up to 8); results do not depend on it",
  { max: 32 },
);

/** The flag `--engine`, which other commands have too. */
export const ENGINE = choice(
  "engine",
  ["auto", "native", "wasm", "ops"],
  "engine of the cpu backend: machine code, WebAssembly or TensorFlow.js ops; auto picks the fastest that works; one of",
);

const POSITIVE = { exclusiveMin: true };
const FRACTION = { max: 1, exclusiveMax: true } as const;
const repeats = { onlyFor: "repeat-copy" } as const;

const TABLE = [
  ...group("The network (N, W and R are the paper's symbols; the other flags have none there):", [
    choice("network", ["dnc", "lstm"], "a DNC, or the baseline: an LSTM of the same width without a memory; one of"),
    integer("hidden_size", 64, "units of the controller, or of each of its layers"),
    ...onlyWith("network", "dnc", [
      integer("memory_size", 16, "N: slots of the memory", { placeholder: "N" }),
      integer("word_size", 16, "W: numbers in a slot", { placeholder: "W" }),
      integer("num_write_heads", 1, "write heads (the paper has one)"),
      integer("num_read_heads", 4, "R: read heads", { placeholder: "R" }),
    ]),
    number("clip_value", 20, "largest magnitude of controller state and logits; 0: no clipping"),
    ...onlyWith("network", "dnc", [
      choice("controller", ["lstm", "deep-lstm", "gru", "feed-forward"], "the network that steers the memory"),
    ]),
    integer("layers", undefined, "layers of the LSTM; several make it a deep one (default: 1, of deep-lstm 3)", {
      max: 32,
    }),
    ...onlyWith("network", "dnc", [
      toggleOrFraction(
        "masking",
        "min",
        "heads mask the components that they compare; a number is the smallest factor",
      ),
      reversible("deallocation", "what free gates free is also erased"),
      reversible("sharpness", "read heads sharpen their forward and backward weights"),
      reversible("no_links", "no temporal links: heads read by content alone"),
      numberOrWord("initial_memory", ["random"], "every number in the memory before the first step, or"),
    ]),
  ]),
  ...group("Learning:", [
    number("max_grad_norm", 50, "gradients are scaled down to this global norm", POSITIVE),
    choice("optimizer", ["rmsprop", "adam"], "RMSProp as in TensorFlow 1, or Adam; one of"),
    number("learning_rate", 1e-4, "step size of the optimizer; with adam 0.001 unless given", {
      exclusiveMin: true,
      adamDefault: 1e-3,
    }),
    number(
      "optimizer_epsilon",
      1e-10,
      "added to the mean square, in rmsprop inside the root; with adam 1e-8 unless given",
      {
        exclusiveMin: true,
        adamDefault: 1e-8,
      },
    ),
    ...onlyWith("optimizer", "rmsprop", [
      number("decay", 0.9, "decay of RMSProp's mean square per iteration", FRACTION),
      number("momentum", 0, "fraction of the previous update that RMSProp adds", FRACTION),
    ]),
    ...onlyWith("optimizer", "adam", [
      number("beta1", 0.9, "decay of Adam's mean gradient per iteration (adam only)", FRACTION),
      number("beta2", 0.999, "decay of Adam's mean square per iteration (adam only)", FRACTION),
    ]),
    {
      ...choice("loss", ["sigmoid", "softmax", "squared"], "replaces the task's own loss; one of"),
      default: undefined,
    },
    choice("learning_rate_schedule", LEARNING_RATE_SCHEDULES, "how the learning rate falls"),
    integer("warm_up", 0, "iterations in which the learning rate rises from almost 0", { min: 0 }),
    number(
      "final_learning_rate",
      undefined,
      "learning rate after a linear or cosine schedule (default: a hundredth), or the lowest of a step or exponential one (default: none)",
      POSITIVE,
    ),
    integer(
      "schedule_iterations",
      undefined,
      "iterations of a linear or cosine schedule (default: num_training_iterations, recorded when the run begins)",
    ),
    integer(
      "schedule_interval",
      undefined,
      "iterations after which a step or exponential schedule has multiplied the rate by its factor (default: a tenth of num_training_iterations, recorded when the run begins)",
    ),
    number("schedule_factor", undefined, "factor of a step or exponential schedule, at most 1 (default: 0.5)", {
      exclusiveMin: true,
      max: 1,
    }),
    integer("num_training_iterations", 100_000, "how long to train"),
    number("until", undefined, "ends the run at this exact match on 256 held-out sequences, such as 0.99", {
      exclusiveMin: true,
      max: 1,
    }),
  ]),
  ...group("The task:", [
    choiceOrFile(
      "task",
      BUILT_IN_TASKS,
      "what to learn: to write a pattern n times, or once; tasks with flags of their own, such as --max_items (docs/guide/tasks.md); or a file such as ./my-task.mjs that exports a task, or a function of flags that returns it; one of",
    ),
    integer("batch_size", 16, "sequences in an iteration"),
    integer("num_bits", 4, "bits in a vector of the pattern"),
    integer("min_length", 1, "vectors in the shortest pattern"),
    integer("max_length", 2, "vectors in the longest pattern"),
    integer("min_repeats", 1, "fewest repetitions requested (repeat-copy only)", repeats),
    integer("max_repeats", 2, "most repetitions requested (repeat-copy only)", repeats),
    reversible("no_lessons", "the task itself from the start, without the lessons of a preset or config file"),
  ]),
  ...group("The run:", [
    integer("report_interval", 100, "iterations between reports"),
    path(
      "checkpoint_dir",
      "the name of a folder",
      "DIR",
      "the run's folder, or that of a run to resume (default: a new one in runs/)",
    ),
    path(
      "resume",
      "the folder of a run",
      "DIR",
      "resumes the run in this folder, exactly at its newest intact checkpoint",
    ),
    toggle(
      "change",
      "lets --resume change the learning rate, its schedule, the batch size and the lengths; config.json records it",
    ),
    integer("checkpoint_interval", -1, "iterations between checkpoints; -1 or 0: only at the end", { min: -1 }),
    integer("keep_checkpoints", 5, "newest checkpoints to keep, in addition to the best"),
    integer("seed", undefined, "fixes weights, data and samples (default: drawn and recorded)", {
      min: 0,
      max: MAX_SEED,
    }),
    choice("backend", BACKENDS, "backend; auto picks the fastest that supports the network; one of"),
    {
      ...ENGINE,
      help: "engine of the cpu backend: machine code, WebAssembly or TensorFlow.js ops; auto picks that of the run to resume, or the fastest that works; one of",
    },
    THREADS,
    toggle("json", "a JSON object per report on standard output, nothing else there"),
  ]),
] satisfies readonly Flag[];

/**
 * Flags of `dnc train`, in the order of its help.
 *
 * Names, defaults and meanings are those of the reference's training script. `task`, `controller` and the last group
 * are additions.
 */
export const FLAGS: readonly Flag[] = TABLE;

/**
 * Flags that config.json omits: where a run is written, how it is displayed, what computes it on a machine, and that it has no
 * lessons. Checkpoints record the engine.
 */
export const NOT_RECORDED: readonly string[] = [
  ...["checkpoint_dir", "resume", "change", "json", "engine", "threads", "no_lessons"],
];

/** Flags that a task with flags of its own may not have: for it they have no defaults. */
export const TASK_SIZES = ["num_bits", "min_length", "max_length", "min_repeats", "max_repeats"] as const;

/** Flags that may be undefined with a task that has flags of its own. */
type OpenFlag = (typeof TASK_SIZES)[number] | "batch_size";

/** Values of all flags; seed, threads and folders may be undefined, with a file the sizes of its task too. */
export type Settings = Omit<ValuesOf<typeof TABLE>, OpenFlag> & {
  readonly [Name in OpenFlag]: number | undefined;
} & RunRecord;

/**
 * Finds a flag of `dnc train`.
 *
 * @param name - its name, with underscores.
 * @returns undefined if there is none of this name.
 */
export function flagNamed(name: string): Flag | undefined {
  return FLAGS.find((flag) => flag.name === name);
}

/** Whether a flag applies to a task; one with flags of its own may have any. */
export function belongsTo(task: string | undefined, { onlyFor }: Flag): boolean {
  return onlyFor === undefined || onlyFor === task || hasOwnFlags(task);
}

/** Settings on which others depend; a missing one has its default. */
export type Selection = { readonly [Name in "task" | "network" | "optimizer"]?: unknown };

/**
 * Returns the default of a flag, which depends on the task and the optimizer: a task with flags of its own has its own sizes.
 *
 * @param selection - the settings on which it depends.
 * @param flag - the flag.
 */
export function defaultOf(selection: Selection, flag: Flag): Flag["default"] {
  const { task, optimizer } = selection;
  const { name, adamDefault, default: value } = flag;
  const isOpen = name === "batch_size" || (TASK_SIZES as readonly string[]).includes(name);
  if (isOpen && hasOwnFlags(task)) return undefined;
  return optimizer === "adam" && adamDefault !== undefined ? adamDefault : value;
}

/**
 * Whether a flag has a meaning with the selected network and optimizer.
 *
 * @param selection - the settings on which that depends.
 * @param flag - the flag.
 */
export function isUsed(selection: Selection, flag: Flag): boolean {
  const { onlyWith: restriction } = flag;
  if (!restriction) return true;
  const [setting, value] = restriction;
  return (selection[setting] ?? flagNamed(setting)?.default) === value;
}

/** A flag of `dnc train`, whose value is a setting. */
export type SettingFlag = Flag & Readonly<Record<"name", keyof Settings>>;

/**
 * Lists the flags that the config.json of a run has.
 *
 * @param selection - the settings on which that depends.
 */
export function recordedFlags(selection: Selection): readonly SettingFlag[] {
  const task = selection.task as string | undefined;
  const flags: readonly SettingFlag[] = TABLE;
  return flags.filter((flag) => belongsTo(task, flag) && isUsed(selection, flag) && !NOT_RECORDED.includes(flag.name));
}
