import { DamagedCheckpointError } from "./damaged-checkpoint-error.js";
import { formatValue } from "./format-value.js";
import { decodeSafetensors, SafetensorsError, toFloat32 } from "./safetensors/index.js";
import { sha256 } from "./state/sha256.js";
import { type CheckpointState, parseState, STATE_FILE } from "./state/state-json.js";
import type { StoredTensor } from "./stored-tensor.js";
import { UnreadableCheckpointError } from "./unreadable-checkpoint-error.js";

/** An intact checkpoint, verified against its hashes. */
export interface Checkpoint {
  /** Training steps done, at least 0; the `step` of `state`. */
  readonly step: number;
  /** The state as it was saved. */
  readonly state: CheckpointState;
  /** The tensors of model.safetensors, in the order of the file. */
  readonly model: readonly StoredTensor[];
  /** The tensors of optimizer.safetensors, in the order of the file; empty if the checkpoint was parsed without that file. */
  readonly optimizer: readonly StoredTensor[];
}

/**
 * Parses a checkpoint from the bytes of its files, in Node or a browser.
 *
 *     const files = { "state.json": state, "model.safetensors": model }; // Uint8Arrays
 *     const { step, model } = await parseCheckpoint(files);
 *     assignTensors(network.variables, model);
 *
 * state.json holds the SHA-256 of the tensor files and of itself, and everything returned has been verified against
 * these hashes. Hashes detect corruption, not tampering, so the files are parsed as untrusted input.
 *
 * @param files - bytes by file name: `state.json` (at most 4 MiB), `model.safetensors` and, unless only the model is
 *   needed, `optimizer.safetensors`. Other files are ignored.
 * @returns copies: the bytes may be changed once the promise is fulfilled.
 * @throws DamagedCheckpointError if a file is missing, truncated or changed; UnreadableCheckpointError if a later
 *   release wrote the checkpoint, state.json is longer than 4 MiB, or a file has the right hash but unknown contents; both messages begin with the file's name. TypeError if a file is not a Uint8Array; Error if
 *   there is no WebCrypto to compute hashes with.
 */
export async function parseCheckpoint(files: Readonly<Record<string, Uint8Array>>): Promise<Checkpoint> {
  const { state, sha256: hashes } = await parseState(fileOf(files, STATE_FILE));
  const read = async (name: keyof typeof hashes) => {
    const bytes = fileOf(files, name);
    if ((await sha256(bytes)) !== hashes[name])
      throw new DamagedCheckpointError(`${name}: its SHA-256 is not the one in ${STATE_FILE}`);
    return parseTensors(name, bytes);
  };
  const model = await read("model.safetensors");
  const optimizer = hasFile(files, "optimizer.safetensors") ? await read("optimizer.safetensors") : [];
  return { step: state.step, state, model, optimizer };
}

export function hasFile(files: Readonly<Record<string, Uint8Array>>, name: string): boolean {
  return Object.hasOwn(files, name) && files[name] !== undefined;
}

export function fileOf(files: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  if (!hasFile(files, name)) throw new DamagedCheckpointError(`${name}: not there`);
  const bytes = files[name];
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${name}: expected a Uint8Array, got ${formatValue(bytes)}`);
  return bytes;
}

export function parseTensors(file: string, bytes: Uint8Array): StoredTensor[] {
  try {
    return Array.from(decodeSafetensors(bytes).tensors.values(), (tensor) => {
      const { name, shape, dtype } = tensor;
      if (dtype !== "F32") throw new SafetensorsError(`tensor ${formatValue(name)}: expected F32, got ${dtype}`);
      return { name, shape, values: toFloat32(tensor) };
    });
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    // The hash is right, so these are the bytes that were saved.
    throw new UnreadableCheckpointError(`${file}: ${error.message}`, { cause: error });
  }
}
