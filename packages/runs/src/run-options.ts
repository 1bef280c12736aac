import type { Dnc, LstmNetwork } from "@dnc/core";
import type { AnyTask } from "@dnc/tasks";

/** Options of a run: what it records, and what its files say about it. */
export type RunOptions = {
  /** The contents of config.json: plain JSON that says how to repeat the run. */
  readonly config: object;
  /** The network that is trained. */
  readonly network: Dnc | LstmNetwork;
  /** Source of the samples, and of the validation sequences on which checkpoints are compared. */
  readonly task: AnyTask;
  /** Seed of those sequences, which training never samples: an integer from 0 to 2^31 - 1; default: 1. */
  readonly seed?: number | undefined;
  /** Iterations between reports, as for `train`; default: 100. The first report and every fiftieth have images. */
  readonly reportInterval?: number | undefined;
  /** Total iterations, as for `train`: the last report has images too; default: unknown. */
  readonly iterations?: number | undefined;
  /** Number of newest checkpoints to keep, in addition to the best; default: 5. */
  readonly keepCheckpoints?: number | undefined;
  /**
   * Number of held-out sequences on which each report measures the exact match; the same sequences at each report. Default:
   * none are measured.
   */
  readonly heldOutSequences?: number | undefined;
  /** Name of the backend for state.json; default: that of TensorFlow.js. */
  readonly backend?: string | undefined;
  /** Name of the engine for state.json, because rounding depends on it; default: null. */
  readonly engine?: string | null | undefined;
  /** Instruction set of the engine for state.json, because rounding depends on it; default: null. */
  readonly instructionSet?: string | null | undefined;
  /** More package versions for state.json, which has those of Node, `@dnc/core`, tasks, training and runs. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
};

/** Largest seed; larger ones are reserved for samples and validation. */
const MAX_SEED = 2 ** 31 - 1;

/** Checks the options of a run before anything is written. Throws a TypeError or RangeError that names the option. */
export function checkRunOptions({ config, network, task, seed = 1, ...counts }: RunOptions): void {
  for (const [name, value] of Object.entries({ config, network, task }))
    if (typeof value !== "object" || value === null) throw new TypeError(`${name}: expected an object, got ${value}`);
  checkInteger("seed", seed, 0, MAX_SEED);
  const { reportInterval = 1, iterations = 1, keepCheckpoints = 1, heldOutSequences = 1 } = counts;
  for (const [name, value] of Object.entries({ reportInterval, iterations, keepCheckpoints, heldOutSequences }))
    checkInteger(name, value, 1);
}

function checkInteger(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  const range = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`;
  throw new RangeError(`${name}: expected a whole number ${range}, got ${value}`);
}
