import { createRequire } from "node:module";
import type { CheckpointState } from "@dnc/checkpoint";
import { type Random, type RandomState, restoreRandom } from "@dnc/tasks";
import type { MeansState } from "./progress.js";

/** Of these packages a checkpoint says which version made it. */
const PACKAGES = [
  "@dnc/trainer",
  "@dnc/core",
  "@dnc/tasks",
  "@dnc/training",
  "@dnc/engine-wasm",
  "@dnc/engine-webgpu",
  "@tensorflow/tfjs",
];

/** What all checkpoints of a run have in common. */
export interface RunIdentity {
  readonly seed: number;
  /** What made the run, under the flags' names. */
  readonly config: object;
  readonly backend: string;
  /** On what the last bits depend, besides the backend. */
  readonly instruction_set: string | null;
}

/** Where a run stands, besides weights and mean squares. */
export interface Standing {
  readonly means: MeansState;
  /** The step of the last regular report: metrics, samples and events are valid up to there. */
  readonly reported: number;
  /** Where the training data come from. */
  readonly random: Random;
}

/** What state.json says. */
export function trainingState(
  identity: RunIdentity,
  { means, reported, random }: Standing,
  { task, loss }: { task: string; loss: number },
): CheckpointState {
  const { step, seconds, interval } = means;
  return {
    step,
    loss,
    seed: identity.seed,
    random: random.state(),
    // Tasks draw their data: which batch comes next is the generator's state, and this the count of those that came.
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
 * Where the run stood that wrote a state.json.
 *
 * @throws TypeError or RangeError naming the field that is not what `trainingState` writes.
 */
export function standingOf(state: CheckpointState): Standing {
  const { step, seconds, reported, random } = state;
  const interval = state.interval as MeansState["interval"] & { readonly solved?: number };
  checkNumbers("state.json", { step, seconds, reported });
  // Checkpoints from before the metric had its name call it solved.
  const { iterations, loss, gradientNorm, solved, exactMatch = solved as number, sequences } = interval ?? {};
  checkNumbers("state.json: interval", { iterations, loss, gradientNorm, exactMatch, sequences });
  return {
    means: { step, seconds: seconds as number, interval: { iterations, loss, gradientNorm, exactMatch, sequences } },
    reported: reported as number,
    random: restoreRandom(random as RandomState),
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
  const ours = { "@dnc/trainer": "../../package.json" } as Record<string, string>;
  const entries = PACKAGES.map((name) => [name, require(ours[name] ?? `${name}/package.json`).version]);
  return Object.fromEntries([...entries, ["node", process.versions.node]]);
}
