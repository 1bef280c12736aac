import { decodeSafetensors, toFloat32 } from "./safetensors/index.js";
import type { StoredTensor } from "./stored-tensor.js";

/** What a checkpoint says besides its tensors: plain JSON. */
export type CheckpointState = {
  readonly step: number;
  readonly [key: string]: unknown;
};

/** A whole checkpoint, checked against its hashes. */
export interface Checkpoint {
  readonly step: number;
  /** As it was saved. */
  readonly state: CheckpointState;
  readonly model: readonly StoredTensor[];
  readonly optimizer: readonly StoredTensor[];
}

/** A checkpoint that is not what was saved, or not all of it. */
export class DamagedCheckpointError extends Error {
  override readonly name = "DamagedCheckpointError";
}

/**
 * Opens a checkpoint from the bytes of its files.
 *
 * @param files - by name: `state.json`, `model.safetensors`, `optimizer.safetensors`.
 * @throws DamagedCheckpointError if a file is missing, cut short or changed.
 */
export async function openCheckpoint(files: Readonly<Record<string, Uint8Array>>): Promise<Checkpoint> {
  const state = JSON.parse(new TextDecoder().decode(files["state.json"]));
  const read = (name: string) =>
    [...decodeSafetensors(files[name]).tensors.values()].map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      values: toFloat32(tensor),
    }));
  return { step: state.step, state, model: read("model.safetensors"), optimizer: read("optimizer.safetensors") };
}
