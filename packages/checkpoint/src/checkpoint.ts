import { DamagedCheckpointError } from "./damaged-checkpoint-error.js";
import { decodeSafetensors, SafetensorsError, toFloat32 } from "./safetensors/index.js";
import { describe, shown } from "./shown.js";
import { sha256 } from "./state/sha256.js";
import { type CheckpointState, openState, STATE_FILE } from "./state/state-json.js";
import type { StoredTensor } from "./stored-tensor.js";
import { UnreadableCheckpointError } from "./unreadable-checkpoint-error.js";

/** A whole checkpoint, checked against its hashes. */
export interface Checkpoint {
  /** Training steps done, at least 0; the `step` of `state`. */
  readonly step: number;
  /** As it was given to be saved. */
  readonly state: CheckpointState;
  /** The tensors of model.safetensors, in the order of the file. */
  readonly model: readonly StoredTensor[];
  /** The tensors of optimizer.safetensors, in the order of the file; empty where a checkpoint was opened without its optimizer.safetensors. */
  readonly optimizer: readonly StoredTensor[];
}

/**
 * Opens a checkpoint from the bytes of its files, in Node or a browser.
 *
 * state.json holds the SHA-256 of the files with tensors and of itself. All that is returned has been compared with
 * them, to the byte; and because whoever changes a file can write new hashes too, nothing in the files is believed
 * beyond that: they are read as strictly as foreign ones.
 *
 * @param files - by name: `state.json` (at most 4 MiB), `model.safetensors`, and `optimizer.safetensors`, which may be
 *   left out by who only runs the model: `optimizer` is empty then. Others are not looked at.
 * @returns copies: the files' bytes may be changed afterwards, not before.
 * @throws DamagedCheckpointError if a file is missing, cut short or changed: one sentence that begins with the file's
 *   name; UnreadableCheckpointError, likewise, if a later release wrote it, state.json is longer, or a file's hash is right
 *   and its contents are none that this release knows; TypeError if a file is no Uint8Array; Error where there is no WebCrypto to compute hashes with.
 */
export async function openCheckpoint(files: Readonly<Record<string, Uint8Array>>): Promise<Checkpoint> {
  const { state, sha256: hashes } = await openState(given(files, STATE_FILE));
  const read = async (name: keyof typeof hashes) => {
    const bytes = given(files, name);
    if ((await sha256(bytes)) !== hashes[name])
      throw new DamagedCheckpointError(`${name}: its SHA-256 is not the one in ${STATE_FILE}`);
    return storedTensors(name, bytes);
  };
  const model = await read("model.safetensors");
  const optimizer = isGiven(files, "optimizer.safetensors") ? await read("optimizer.safetensors") : [];
  return { step: state.step, state, model, optimizer };
}

function isGiven(files: Readonly<Record<string, Uint8Array>>, name: string): boolean {
  return Object.hasOwn(files, name) && files[name] !== undefined;
}

function given(files: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  if (!isGiven(files, name)) throw new DamagedCheckpointError(`${name}: not there`);
  const bytes = files[name];
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${name}: expected a Uint8Array, got ${describe(bytes)}`);
  return bytes;
}

function storedTensors(file: string, bytes: Uint8Array): StoredTensor[] {
  try {
    return Array.from(decodeSafetensors(bytes).tensors.values(), (tensor) => {
      const { name, shape, dtype } = tensor;
      if (dtype !== "F32") throw new SafetensorsError(`tensor ${shown(name)}: expected F32, got ${dtype}`);
      return { name, shape, values: toFloat32(tensor) };
    });
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    // Its hash is right: it is what was saved.
    throw new UnreadableCheckpointError(`${file}: ${error.message}`, { cause: error });
  }
}
