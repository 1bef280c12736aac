import type { CheckpointState } from "@dnc/checkpoint";
import { type RandomState, restoreRandom } from "@dnc/tasks";
import type { CarriedState, IntervalSums, TrainingState } from "@dnc/training";

/** State in which a run resumes, without the variables. */
export interface ResumeState {
  /** Undefined for a new run. */
  readonly training: TrainingState | undefined;
  /** The step of the last regular report: metrics, samples and events are valid up to there. */
  readonly reported: number;
}

/**
 * Parses the state in which a run resumes from its state.json, and adds the network's carried state.
 *
 * @throws TypeError or RangeError naming the field that is not what `checkpointState` writes.
 */
export function parseResumeState(state: CheckpointState, carriedState?: CarriedState): ResumeState {
  const { step, seconds, reported, random } = state;
  const interval = state.interval as IntervalSums & { readonly solved?: number };
  checkNumbers("state.json", { step, seconds, reported });
  // Checkpoints of earlier releases have `solved` instead of `exactMatch`.
  const { iterations, loss, gradientNorm, solved, exactMatch = solved as number, sequences } = interval ?? {};
  const sums = { iterations, loss, gradientNorm, exactMatch, sequences };
  checkNumbers("state.json: interval", sums);
  return {
    training: {
      step,
      seconds: seconds as number,
      random: restoreRandom(random as RandomState).state(),
      interval: sums,
      ...(carriedState === undefined ? {} : { carriedState }),
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
