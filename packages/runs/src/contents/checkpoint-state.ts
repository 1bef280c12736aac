import type { CheckpointState } from "@dnc/checkpoint";
import type { TrainingState } from "@dnc/training";

/** Fields that all checkpoints of a run have in common. */
export type RunIdentity = {
  /** Seed of weights and data. */
  readonly seed: number;
  /** The contents of config.json. */
  readonly config: object;
  /** Name of the backend: `cpu`. */
  readonly backend: string;
  /** Name of the engine, on which rounding depends; null if it is not known. */
  readonly engine: string | null;
  /** Instruction set of the engine, on which rounding depends; null without an engine that has them. */
  readonly instructionSet: string | null;
  /** Versions by package. */
  readonly versions: Readonly<Record<string, string>>;
};

/** Creates the contents of state.json. */
export function checkpointState(
  identity: RunIdentity,
  { step, seconds, random, interval, report, lessons }: TrainingState,
  { task, loss, reported }: { readonly task: string; readonly loss: number; readonly reported: number },
): CheckpointState {
  return {
    step,
    loss,
    seed: identity.seed,
    random,
    // Tasks sample their data: `random` determines the next batch, and `batches` counts those before it.
    task_cursor: { task, batches: step },
    interval,
    // A curriculum that is a function gets it, in a resumed run too.
    ...(report === undefined ? {} : { report }),
    ...(lessons === undefined ? {} : { lessons }),
    reported,
    seconds,
    backend: identity.backend,
    engine: identity.engine,
    instruction_set: identity.instructionSet,
    config: identity.config,
    versions: identity.versions,
  };
}
