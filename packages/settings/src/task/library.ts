/** The built-in tasks with flags of their own: each is a function of `@dnc/tasks`, whose options are flags. */
import {
  associativeRecall,
  bigRepeatCopy,
  dynamicAllocation,
  dynamicNGrams,
  graphInference,
  graphTraversal,
  keyValue,
  type LossName,
  MINI_SHRDLU_LESSONS,
  miniShrdlu,
  prioritySort,
  type RepeatCopyConfig,
  repeatCopy,
  type SequenceConfig,
  shortestPath,
  twoWayKeyValue,
} from "@dnc/tasks";
import type { FlagValue } from "../flags/flag-value.js";
import type { Machine } from "../machine.js";
import { UsageError } from "../usage-error.js";
import { babiTask } from "./babi.js";
import type { LibraryTaskName } from "./names.js";
import { type CompleteTask, SIZE_NAMES, type TaskSizes, type TaskSource } from "./task-source.js";

/** A task's function, with the names of its options. */
interface LibraryTask {
  readonly options: readonly string[];
  /** Whether its loss is part of the task and cannot be replaced; default: false. */
  readonly fixedLoss?: boolean;
  /** Whether its sequences are episodes, which do not have the common options; default: false. */
  readonly isOfEpisodes?: boolean;
  /** Checks its options: those from flags may be of any kind. */
  create(options: object, machine: Machine): CompleteTask;
}

/** Options that are flags of every task, except those of episodes. */
const COMMON = ["lengths", "logProbInBits"];

const BLOCK_SIZES = Object.keys(MINI_SHRDLU_LESSONS[0] ?? {});
const PRESENTATION = ["signedInputs", "scoreInputs"];
const SERIES = ["numBits", "minLength", "maxLength", "minPatterns", "maxPatterns", ...PRESENTATION];

const GRAPH_SIZES = ["minNodes", "maxNodes", "minDegree", "maxDegree", "minPath", "maxPath"];

const LIBRARY: Readonly<Record<LibraryTaskName, LibraryTask>> = {
  "associative-recall": {
    options: ["numBits", "itemLength", "minItems", "maxItems", "form", ...PRESENTATION],
    create: associativeRecall,
  },
  "dynamic-n-grams": { options: ["contextBits", "length"], create: dynamicNGrams },
  "priority-sort": { options: ["numBits", "numInputs", "numTargets"], create: prioritySort },
  "key-value": { options: ["keyBits", "valueBits", "minItems", "maxItems", ...PRESENTATION], create: keyValue },
  "two-way-key-value": {
    options: ["numBits", "minItems", "maxItems", "distinctValues", ...PRESENTATION],
    create: twoWayKeyValue,
  },
  "big-repeat-copy": { options: SERIES, create: bigRepeatCopy },
  "dynamic-allocation": { options: SERIES, create: dynamicAllocation },
  "ntm-repeat-copy": {
    options: ["numBits", "minLength", "maxLength", "minRepeats", "maxRepeats"],
    create: ntmRepeatCopy,
  },
  babi: {
    options: ["babiSource", "babiDir", "babiTask", "babiSet", "babiWords", "questions", "exchange"],
    fixedLoss: true,
    create: babiTask,
  },
  "mini-shrdlu": {
    options: [...BLOCK_SIZES, "invalidPenalty", "undoPenalty", "lambda", "entropyWeight"],
    fixedLoss: true,
    isOfEpisodes: true,
    create: miniShrdlu,
  },
  "graph-traversal": {
    options: [...GRAPH_SIZES, "endMarker", "graph"],
    fixedLoss: true,
    create: graphTraversal,
  },
  "shortest-path": {
    options: [...GRAPH_SIZES, "digits", "planningSteps", "plannerProbability", "graph"],
    fixedLoss: true,
    isOfEpisodes: true,
    create: shortestPath,
  },
  inference: {
    options: [...GRAPH_SIZES, "relations", "queries", "planningSteps", "graph"],
    fixedLoss: true,
    create: graphInference,
  },
};

/** Creates repeat-copy in the form of Graves et al. 2014, "Neural Turing Machines", with their sizes as defaults. */
function ntmRepeatCopy(config: RepeatCopyConfig): CompleteTask {
  const sizes = { numBits: 8, minLength: 1, maxLength: 10, minRepeats: 1, maxRepeats: 10 };
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  return { ...repeatCopy({ ...sizes, ...given, standardizeRepeats: true }), name: "ntm-repeat-copy" };
}

/** What is known of a task of the library before it is created. */
export interface LibraryTaskOptions {
  readonly name: LibraryTaskName;
  /** Its flags, under their names with underscores. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Sizes that are given as flags of the trainer. */
  readonly sizes: TaskSizes;
  /** Number of sequences in a batch; undefined: the task's own. */
  readonly batchSize: number | undefined;
  /** Replaces the task's own loss; undefined: it keeps its own. */
  readonly loss: LossName | undefined;
}

/** A task of the library that was created once. */
export interface LoadedLibraryTask {
  readonly source: TaskSource;
  readonly task: CompleteTask;
  /** Its flags as they are recorded: the folder of files is absolute. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Names of its flags. */
  readonly read: ReadonlySet<string>;
}

/**
 * Creates a task of the library from its flags.
 *
 * @param machine - reads files; default: it cannot.
 * @throws UsageError naming the flag whose value is not valid.
 */
export function loadLibraryTask(options: LibraryTaskOptions, machine: Machine = {}): LoadedLibraryTask {
  const { name, sizes, batchSize, loss } = options;
  const flags = withAbsolutePath(options.flags, machine);
  const { options: own, create, fixedLoss = false, isOfEpisodes = false } = LIBRARY[name];
  if (fixedLoss && loss !== undefined)
    throw new UsageError(`--loss: expected only with a task whose loss may be replaced, got it with task ${name}`);
  const names = isOfEpisodes ? own : [...own, ...COMMON];
  const given = Object.fromEntries(names.map((option) => [option, flags[flagOf(option)]]));
  const created = (more: TaskSizes & SequenceConfig): CompleteTask => {
    const known = Object.entries(more).filter(([option, value]) => value !== undefined && hasOption(names, option));
    try {
      return create({ ...given, ...Object.fromEntries(known) }, machine);
    } catch (error) {
      throw usageError(error as Error, names);
    }
  };
  const task = created({ ...sizes, batchSize, loss });
  return {
    task,
    flags,
    read: new Set(names.map(flagOf)),
    source: {
      name,
      sizes: SIZE_NAMES.filter((size) => names.includes(size)),
      create: (config) => created(config),
    },
  };
}

/** The flag that names a folder. */
const FOLDER = "babi_dir";

function withAbsolutePath(
  flags: LibraryTaskOptions["flags"],
  { absolutePath }: Pick<Machine, "absolutePath">,
): LibraryTaskOptions["flags"] {
  const folder = flags[FOLDER];
  if (typeof folder !== "string" || folder === "" || !absolutePath) return flags;
  return { ...flags, [FOLDER]: absolutePath(folder) };
}

/** Whether a task takes an option: its own, or the batch size and loss that all of them have. */
function hasOption(options: readonly string[], option: string): boolean {
  return options.includes(option) || option === "batchSize" || option === "loss";
}

/** The name of an option as a flag: `max_items` for `maxItems`. */
function flagOf(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Converts an error of a task's function, whose message begins with the name of an option, to one that names flags. */
function usageError({ message }: Error, options: readonly string[]): UsageError {
  const named = options.reduce(
    (text, option) => text.replaceAll(new RegExp(`\\b${option}\\b`, "g"), flagOf(option)),
    message,
  );
  return new UsageError(`--${named}`);
}
