import { createRequire } from "node:module";
import type { CheckpointState } from "@dnc/checkpoint";
import { type RandomState, restoreRandom } from "@dnc/tasks";
import type { IntervalSums, TrainingState } from "@dnc/training";

/** Packages whose versions a checkpoint records. */
const PACKAGES = [
  "@dnc/trainer",
  "@dnc/core",
  "@dnc/tasks",
  "@dnc/training",
  "@dnc/engine-tfjs",
  "@dnc/engine-wasm",
  "@dnc/engine-webgpu",
  "@tensorflow/tfjs",
];

/** What all checkpoints of a run have in common. */
export interface RunIdentity {
  readonly seed: number;
  /** The contents of config.json. */
  readonly config: object;
  readonly backend: string;
  /** What the last bits depend on, besides the backend. */
  readonly instruction_set: string | null;
}

/** Where a run resumes, besides the variables. */
export interface ResumeState {
  /** Undefined for a new run. */
  readonly training: TrainingState | undefined;
  /** The step of the last regular report: metrics, samples and events are valid up to there. */
  readonly reported: number;
}

/** The contents of state.json. */
export function checkpointState(
  identity: RunIdentity,
  { step, seconds, random, interval }: TrainingState,
  { task, loss, reported }: { readonly task: string; readonly loss: number; readonly reported: number },
): CheckpointState {
  return {
    step,
    loss,
    seed: identity.seed,
    random,
    // Tasks sample their data: the generator's state says which batch is next, and this how many there were.
    task_cursor: { task, batches: step },
    interval,
    reported,
    seconds,
    backend: identity.backend,
    instruction_set: identity.instruction_set,
    config: identity.config,
    versions: versions(),
  };
}

/**
 * Parses where a run resumes from its state.json.
 *
 * @throws TypeError or RangeError naming the field that is not what `checkpointState` writes.
 */
export function parseResumeState(state: CheckpointState): ResumeState {
  const { step, seconds, reported, random } = state;
  const interval = state.interval as IntervalSums & { readonly solved?: number };
  checkNumbers("state.json", { step, seconds, reported });
  // Checkpoints of earlier releases call the exact match solved.
  const { iterations, loss, gradientNorm, solved, exactMatch = solved as number, sequences } = interval ?? {};
  const sums = { iterations, loss, gradientNorm, exactMatch, sequences };
  checkNumbers("state.json: interval", sums);
  return {
    training: {
      step,
      seconds: seconds as number,
      random: restoreRandom(random as RandomState).state(),
      interval: sums,
    },
    reported: reported as number,
  };
}

function checkNumbers(where: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number" && value >= 0) continue;
    throw new TypeError(`${where}: ${name}: expected a number of at least 0, got ${JSON.stringify(value)}`);
  }
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const own = { "@dnc/trainer": "../../package.json" } as Record<string, string>;
  const entries = PACKAGES.map((name) => [name, require(own[name] ?? `${name}/package.json`).version]);
  return Object.fromEntries([...entries, ["node", process.versions.node]]);
}
