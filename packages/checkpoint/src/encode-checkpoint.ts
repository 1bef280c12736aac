import { formatValue } from "./format-value.js";
import { encodeSafetensors } from "./safetensors/index.js";
import { findUnserializable } from "./state/plain-json.js";
import { sha256 } from "./state/sha256.js";
import {
  type CheckpointState,
  MAX_STATE_BYTES,
  RESERVED_KEYS,
  STATE_FILE,
  serializeState,
} from "./state/state-json.js";
import { stepName } from "./step-name.js";
import type { StoredTensor } from "./stored-tensor.js";

/** Contents of a checkpoint. */
export interface CheckpointContents {
  /** The network's parameters, in the order of model.safetensors. */
  readonly model: readonly StoredTensor[];
  /** The optimizer's state, in the order of optimizer.safetensors; may be empty. */
  readonly optimizer: readonly StoredTensor[];
  /**
   * Plain JSON of at most 4 MiB, without the keys `format`, `version` and `sha256`. The checkpoint with the lowest
   * `loss`, if that is a number, is the best.
   */
  readonly state: CheckpointState;
}

/** The files of a checkpoint: bytes by file name. */
export type CheckpointFiles = Readonly<
  Record<"model.safetensors" | "optimizer.safetensors" | "state.json", Uint8Array>
>;

/** A copy of a checkpoint's contents, encoded for its files. */
export type Snapshot = {
  readonly name: string;
  readonly step: number;
  readonly loss: number | undefined;
  readonly model: Uint8Array;
  readonly optimizer: Uint8Array;
  readonly stateJson: string;
};

/**
 * Encodes a checkpoint as the bytes of its files, in Node or a browser; `parseCheckpoint` reads them.
 *
 *     const model = await readTensors(network.variables);
 *     const files = await encodeCheckpoint({ model, optimizer: [], state: { step: 100, loss: 0.5 } });
 *
 * The contents are copied before this returns, so the caller may change them at once. `saveCheckpoint` of `@dnc/checkpoint/node` writes
 * these files to a folder.
 *
 * @param contents - model, optimizer and state.
 * @returns bytes by file name.
 * @throws RangeError (as a rejection) if the step is not an integer from 0 to 2^53 - 1, a key of the state is reserved, or tensors do not
 *   fit the format; TypeError if the state is not plain JSON, naming the value's path; Error if there is no WebCrypto to compute hashes with.
 */
export async function encodeCheckpoint(contents: CheckpointContents): Promise<CheckpointFiles> {
  return encodeSnapshot(snapshotOf(contents));
}

/** Copies the contents of a checkpoint. Throws the errors of `encodeCheckpoint`. */
export function snapshotOf({ model, optimizer, state }: CheckpointContents): Snapshot {
  const unserializable = findUnserializable(state);
  if (unserializable !== undefined) throw new TypeError(`state${unserializable}`);
  const name = stepName(state.step);
  const reserved = RESERVED_KEYS.find((key) => Object.hasOwn(state, key));
  if (reserved !== undefined)
    throw new RangeError(`state: expected other keys than ${formatValue(reserved)}, which is reserved`);
  return {
    name,
    step: state.step,
    loss: lossOf(state),
    model: encodeSafetensors(model),
    optimizer: encodeSafetensors(optimizer),
    stateJson: JSON.stringify(state),
  };
}

/** Adds the hashes to a copy of a checkpoint's contents. */
export async function encodeSnapshot({ model, optimizer, stateJson }: Snapshot): Promise<CheckpointFiles> {
  const hashes = {
    "model.safetensors": await sha256(model),
    "optimizer.safetensors": await sha256(optimizer),
  };
  const state = new TextEncoder().encode(await serializeState(JSON.parse(stateJson), hashes));
  if (state.length > MAX_STATE_BYTES)
    throw new RangeError(`state: expected at most ${MAX_STATE_BYTES} bytes of JSON, got ${state.length}`);
  return { "model.safetensors": model, "optimizer.safetensors": optimizer, [STATE_FILE]: state };
}

/** Returns the loss of a state, if it is finite. */
export function lossOf({ loss }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof loss === "number" && Number.isFinite(loss) ? loss : undefined;
}
