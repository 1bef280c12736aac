import type { CheckpointState } from "@dnc/checkpoint";
import type { TrainingState } from "@dnc/training";

/** What all checkpoints of a run have in common. */
export type RunIdentity = {
  readonly seed: number;
  /** The contents of config.json. */
  readonly config: object;
  readonly backend: string;
  /** What the last bits depend on, besides the backend. */
  readonly instructionSet: string | null;
  readonly versions: Readonly<Record<string, string>>;
};

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
    instruction_set: identity.instructionSet,
    config: identity.config,
    versions: identity.versions,
  };
}
