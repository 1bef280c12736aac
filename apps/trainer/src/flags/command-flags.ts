import {
  BACKENDS,
  choice,
  ENGINE,
  type Flag,
  group,
  integer,
  MAX_SEED,
  path,
  THREADS,
  toggle,
} from "@dnc/settings/flags";

const WEIGHTS = "The weights:";
const SEQUENCES = "The sequences (bounds and sizes may be others than the run's):";
const COMPUTE = "Compute:";

const CHECKPOINT = {
  group: "",
  kind: "text",
  name: "checkpoint",
  default: "latest",
  valueDescription: "latest, best or a step",
  placeholder: "step",
  help: "latest, best or a step, such as 5000 or step-00005000",
} as const;

const WEIGHT_FLAGS = [
  CHECKPOINT,
  integer("memory_size", undefined, "N: slots of the memory, which the weights do not depend on (default: the run's)", {
    placeholder: "N",
  }),
] as const;

const PRETRAINED = {
  ...path("pretrained", "the name of a network of @dnc/pretrained", "NAME", ""),
  isPath: false,
  help: "a trained network of @dnc/pretrained instead of RUN, such as associative-recall; its folder stays as it is",
} as const;

const SEED = integer("seed", 0, "fixes the sequences, which no training samples, even with the same seed", {
  min: 0,
  max: MAX_SEED,
});

const TASK = path(
  "task",
  "the file of a task",
  "FILE",
  "the file of the run's task, if it is no longer where the run recorded it (default: there)",
);

const BABI_DIR = path(
  "babi_dir",
  "the name of a folder",
  "DIR",
  "the folder of bAbI's files, if it is no longer where the run recorded it, or if the run has generated stories (default: as recorded; babi only)",
);

const BACKEND = choice("backend", BACKENDS, "backend; auto picks the fastest that works; one of");
const JSON_SWITCH = toggle("json", "one JSON object on standard output");

/** Describes `--out`, a file to write. */
const out = (help: string) => path("out", "the name of a file", "FILE", help);

/** Flags of `dnc eval`. */
export const EVAL_FLAGS = [
  ...group(WEIGHTS, [PRETRAINED, ...WEIGHT_FLAGS]),
  ...group(SEQUENCES, [
    TASK,
    BABI_DIR,
    integer("sequences", 1000, "how many new sequences"),
    integer("min_length", undefined, "vectors in the shortest pattern (default: the run's)"),
    integer("max_length", undefined, "vectors in the longest pattern (default: the run's)"),
    integer("min_repeats", undefined, "fewest repetitions requested (default: the run's; repeat-copy only)"),
    integer("max_repeats", undefined, "most repetitions requested (default: the run's; repeat-copy only)"),
    SEED,
  ]),
  ...group(COMPUTE, [integer("batch_size", 64, "sequences at a time"), BACKEND, ENGINE, THREADS, JSON_SWITCH]),
] satisfies readonly Flag[];

/** Flags of `dnc trace`. */
export const TRACE_FLAGS = [
  ...group(WEIGHTS, [PRETRAINED, ...WEIGHT_FLAGS]),
  ...group(SEQUENCES, [
    TASK,
    BABI_DIR,
    integer("length", undefined, "vectors in the pattern (default: the run's longest)"),
    integer("repeats", undefined, "repetitions requested (default: the run's most; repeat-copy only)"),
    SEED,
  ]),
  ...group(COMPUTE, [out("where the trace goes (default: standard output)"), BACKEND, ENGINE]),
] satisfies readonly Flag[];

/** Flags of `dnc report`. */
export const REPORT_FLAGS = [
  ...group(WEIGHTS, [PRETRAINED, ...WEIGHT_FLAGS]),
  ...group(SEQUENCES, [
    TASK,
    BABI_DIR,
    integer("max_length", undefined, "the longest pattern of the map (default: twice the run's longest, at least 4)"),
    integer(
      "max_repeats",
      undefined,
      "the most repetitions of the map (default: twice the run's most, at least 4; repeat-copy only)",
    ),
    integer("sequences", 64, "new sequences in each cell of the map"),
    SEED,
  ]),
  ...group(COMPUTE, [
    out(
      "where the page goes (default: report.html in the folder of the run or the sweep; of several runs comparison.html here, of a pretrained network NAME.html here)",
    ),
    toggle("csv", "of a sweep: a row for each run instead of the page, on standard output or in --out"),
    path("svg", "the name of a folder", "DIR", "of a sweep: each figure as a file in this folder too"),
    BACKEND,
    ENGINE,
    THREADS,
  ]),
] satisfies readonly Flag[];

/** Flags of `dnc inspect`. */
export const INSPECT_FLAGS = [
  ...group("The network:", [PRETRAINED]),
  ...group("The page:", [
    integer("port", undefined, "the port on 127.0.0.1 (default: the one that this run had before, or a free one)", {
      min: 0,
      max: 65535,
    }),
    toggle("no_open", "only print the address of the page, open no browser"),
  ]),
] satisfies readonly Flag[];

/** Flags of `dnc doctor`. */
export const DOCTOR_FLAGS = group(COMPUTE, [
  choice("backend", BACKENDS, "the one to examine; auto examines all; one of"),
  JSON_SWITCH,
]) satisfies readonly Flag[];

const PRESET = { ...path("preset", "the name of a preset", "NAME", ""), isPath: false } as const;

/** Flags of `dnc presets`. */
export const PRESETS_FLAGS = group("The presets:", [
  { ...PRESET, name: "show", help: "the preset to show with all its settings (default: a list of all)" } as const,
  JSON_SWITCH,
]) satisfies readonly Flag[];

/** Flags of `dnc grade`. */
export const GRADE_FLAGS = [
  ...group(WEIGHTS, [PRETRAINED, CHECKPOINT]),
  ...group("The grade:", [
    { ...PRESET, help: "the preset whose grade is applied (default: the run's)" } as const,
    BABI_DIR,
    SEED,
  ]),
  ...group(COMPUTE, [BACKEND, ENGINE, THREADS, JSON_SWITCH]),
] satisfies readonly Flag[];

/** Flags of `dnc compare`. */
export const COMPARE_FLAGS = group("The comparison:", [
  {
    ...PRESET,
    name: "vary",
    placeholder: "SETTING=VALUES",
    valueDescription: "settings and their values, such as masking=true,false",
    help: "settings and their values, separated by commas; several settings by ;, or by + if they have the same value (default: none varies)",
  } as const,
  {
    ...PRESET,
    name: "seeds",
    default: "1,2,3",
    placeholder: "SEEDS",
    valueDescription: "integers separated by commas",
    help: "the seeds of each variant",
  } as const,
  { ...BABI_DIR, help: "the folder of bAbI's files (babi only)" } as const,
  integer("at_once", undefined, "runs at a time (default: one for each core)"),
  path("out", "the name of a folder", "DIR", "where runs and page go (default: runs/compare-PRESET)"),
  JSON_SWITCH,
]) satisfies readonly Flag[];

/** Flags of `dnc sweep`. */
export const SWEEP_FLAGS = [
  ...group("The sweep:", [
    toggle("plan", "only print the runs, and estimate the time"),
    path(
      "results",
      "the name of a folder",
      "DIR",
      "where results go (default: runs/sweep-NAME; with --on a shared folder)",
    ),
  ]),
  ...group("The cluster:", [
    {
      ...PRESET,
      name: "on",
      placeholder: "URL",
      valueDescription: "the address of a Ray cluster",
      help: "a Ray cluster that computes the runs, such as http://127.0.0.1:8265 (default: this machine)",
    } as const,
    {
      ...PRESET,
      name: "program",
      default: "dnc",
      placeholder: "COMMAND",
      valueDescription: "the command that starts dnc",
      help: "the command that starts dnc on the cluster, such as npx dnc",
    } as const,
    toggle("insecure", "allow plain http to another machine: whoever reaches Ray's API can run programs there"),
  ]),
  ...group(COMPUTE, [JSON_SWITCH]),
] satisfies readonly Flag[];
