import type { Flag } from "./flag.js";
import { MAX_SEED } from "./train-flags.js";

const WEIGHTS = "The weights:";
const SEQUENCES = "The sequences (bounds and sizes may be others than the run's):";
/** Heading of the flags that say where and how a command works. */
export const WORK = "The work:";

const CHECKPOINT = {
  name: "checkpoint",
  group: WEIGHTS,
  kind: "text",
  default: "latest",
  what: "latest, best or a step",
  placeholder: "step",
  help: "latest, best or a step, such as 5000 or step-00005000",
} as const;

const MEMORY_SIZE = {
  name: "memory_size",
  group: WEIGHTS,
  kind: "integer",
  default: undefined,
  min: 1,
  placeholder: "N",
  help: "N: slots of the memory, which the weights do not depend on (default: the run's)",
} as const;

const SEED = {
  name: "seed",
  group: SEQUENCES,
  kind: "integer",
  default: 0,
  min: 0,
  max: MAX_SEED,
  help: "fixes the sequences; whatever it is, no training draws from the same stream",
} as const;

const MAX_LENGTH = {
  name: "max_length",
  group: SEQUENCES,
  kind: "integer",
  default: undefined,
  min: 1,
  help: "vectors in the longest pattern (default: the run's)",
} as const;

const MAX_REPEATS = {
  name: "max_repeats",
  group: SEQUENCES,
  kind: "integer",
  default: undefined,
  min: 1,
  help: "most repetitions asked for (default: the run's; repeat-copy only)",
} as const;

const BACKEND = {
  name: "backend",
  group: WORK,
  kind: "choice",
  default: "auto",
  choices: ["auto", "cuda", "webgpu", "cpu", "node"],
  help: "what computes; auto takes the fastest that works; one of",
} as const;

const THREADS = {
  name: "threads",
  group: WORK,
  kind: "integer",
  default: undefined,
  min: 1,
  max: 32,
  help: "threads of the cpu backend (default: one a processor, up to 8); results do not depend on it",
} as const;

const OUT = {
  name: "out",
  group: WORK,
  kind: "text",
  default: undefined,
  what: "the name of a file",
  isPath: true,
  placeholder: "FILE",
} as const;

/** Every setting of `dnc eval`. */
export const EVAL_FLAGS = [
  CHECKPOINT,
  MEMORY_SIZE,
  { name: "sequences", group: SEQUENCES, kind: "integer", default: 1000, min: 1, help: "how many fresh sequences" },
  {
    name: "min_length",
    group: SEQUENCES,
    kind: "integer",
    default: undefined,
    min: 1,
    help: "vectors in the shortest pattern (default: the run's)",
  },
  MAX_LENGTH,
  {
    name: "min_repeats",
    group: SEQUENCES,
    kind: "integer",
    default: undefined,
    min: 1,
    help: "fewest repetitions asked for (default: the run's; repeat-copy only)",
  },
  MAX_REPEATS,
  SEED,
  { name: "batch_size", group: WORK, kind: "integer", default: 64, min: 1, help: "sequences at a time" },
  BACKEND,
  THREADS,
  { name: "json", group: WORK, kind: "switch", default: false, help: "one JSON object on standard output" },
] as const satisfies readonly Flag[];

/** Every setting of `dnc trace`. */
export const TRACE_FLAGS = [
  CHECKPOINT,
  MEMORY_SIZE,
  {
    name: "length",
    group: SEQUENCES,
    kind: "integer",
    default: undefined,
    min: 1,
    help: "vectors in the pattern (default: the run's longest)",
  },
  {
    name: "repeats",
    group: SEQUENCES,
    kind: "integer",
    default: undefined,
    min: 1,
    help: "repetitions asked for (default: the run's most; repeat-copy only)",
  },
  SEED,
  { ...OUT, help: "where the trace goes (default: standard output)" },
  BACKEND,
] as const satisfies readonly Flag[];

/** Every setting of `dnc report`. */
export const REPORT_FLAGS = [
  CHECKPOINT,
  MEMORY_SIZE,
  { ...MAX_LENGTH, help: "the longest pattern of the map (default: twice the run's longest, at least 4)" },
  {
    ...MAX_REPEATS,
    help: "the most repetitions of the map (default: twice the run's most, at least 4; repeat-copy only)",
  },
  {
    name: "sequences",
    group: SEQUENCES,
    kind: "integer",
    default: 64,
    min: 1,
    help: "fresh sequences in each cell of the map",
  },
  SEED,
  { ...OUT, help: "where the page goes (default: report.html in the run's folder)" },
  BACKEND,
  THREADS,
] as const satisfies readonly Flag[];

/** Every setting of `dnc doctor`. */
export const DOCTOR_FLAGS = [
  { ...BACKEND, help: "the one to examine; auto examines all; one of" },
  { name: "json", group: WORK, kind: "switch", default: false, help: "one JSON object on standard output" },
] as const satisfies readonly Flag[];
