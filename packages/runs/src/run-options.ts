import type { Dnc } from "@dnc/core";
import type { Task } from "@dnc/tasks";

/** What a run records, and how it describes itself. */
export type RunOptions = {
  /** The contents of config.json: plain JSON that says how to repeat the run. */
  readonly config: object;
  /** The network that is trained. */
  readonly network: Dnc;
  /** Where samples come from, and the validation sequences on which checkpoints are compared. */
  readonly task: Task;
  /** Decides those sequences, which training never samples; a whole number from 0 to 2^31 - 1; default: 1. */
  readonly seed?: number | undefined;
  /** Iterations from one report to the next, as for `train`; default: 100. The first report has images, and every fiftieth. */
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

/** The largest seed: those above are for samples and validation. */
const MAX_SEED = 2 ** 31 - 1;

/** Checks the options of a run before anything is written. Throws a TypeError or RangeError that names the option. */
export function checkRunOptions({ config, network, task, seed = 1, ...counts }: RunOptions): void {
  for (const [name, value] of Object.entries({ config, network, task }))
    if (typeof value !== "object" || value === null) throw new TypeError(`${name}: expected an object, got ${value}`);
  checkWhole("seed", seed, 0, MAX_SEED);
  const { reportInterval = 1, iterations = 1, keepCheckpoints = 1 } = counts;
  for (const [name, value] of Object.entries({ reportInterval, iterations, keepCheckpoints }))
    checkWhole(name, value, 1);
}

function checkWhole(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
  throw new RangeError(`${name}: expected a whole number ${range}, got ${value}`);
}
