import { assignTensors, type Checkpoint, type CheckpointContents, readTensors } from "@dnc/checkpoint";
import type { Dnc, LstmNetwork } from "@dnc/core";
import type { Optimizer, TrainingCheckpoint, ValueTraining } from "@dnc/training";
import { carriedTensors, splitCarried } from "./carried-tensors.js";
import { checkpointState, type RunIdentity } from "./checkpoint-state.js";
import { parseResumeState, type ResumeState } from "./resume-state.js";
import { restoreValue, valueTensors } from "./value-tensors.js";

/** What a checkpoint says about its run, in addition to what training passes to `onCheckpoint`. */
export type CheckpointDetails = {
  /** What all checkpoints of the run have in common. */
  readonly identity: RunIdentity;
  /** The network that is trained. */
  readonly network: Dnc | LstmNetwork;
  /** Name of the task. */
  readonly task: string;
  /** Mean loss on the run's validation set, which is finite. */
  readonly loss: number;
  /** Step of the last regular report, up to which records are valid; 0 before the first. */
  readonly reported: number;
};

/** What a checkpoint is restored to. */
export type RestoredParts = {
  /** The network, as it was when the run was created. */
  readonly network: Dnc | LstmNetwork;
  /** The optimizer of its variables. */
  readonly optimizer: Optimizer;
  /** The value network with its optimizer, if the run has one. */
  readonly value?: ValueTraining | undefined;
};

/**
 * Collects the contents of a run's checkpoint, as `saveCheckpoint` and `encodeCheckpoint` of `@dnc/checkpoint` take them.
 *
 * @param details - The run.
 * @param checkpoint - The argument of `onCheckpoint`.
 * @returns Copies: training may continue.
 */
export async function checkpointContents(
  { identity, network, task, loss, reported }: CheckpointDetails,
  { state, optimizer, value }: TrainingCheckpoint,
): Promise<CheckpointContents> {
  return {
    model: await readTensors(network.variables),
    optimizer: [
      ...(await readTensors(optimizer.variables)),
      ...carriedTensors(state.carriedState),
      ...(await valueTensors(value)),
    ],
    state: checkpointState(identity, state, { task, loss, reported }),
  };
}

/**
 * Restores the variables of network and optimizer from a run's checkpoint.
 *
 * @param checkpoint - As `parseCheckpoint` of `@dnc/checkpoint` returns it, with the optimizer.
 * @param parts - What is restored.
 * @returns The state in which the run resumes.
 * @throws RangeError or TypeError if the checkpoint does not fit; then some of the variables may have changed.
 */
export function restoreCheckpoint(
  { model, optimizer: tensors, state }: Pick<Checkpoint, "model" | "optimizer" | "state">,
  { network, optimizer, value }: RestoredParts,
): ResumeState {
  assignTensors(network.variables, model);
  const { optimizer: ofOptimizer, carriedState } = splitCarried(tensors);
  assignTensors(optimizer.variables, restoreValue(value, ofOptimizer));
  return parseResumeState(state, carriedState);
}
