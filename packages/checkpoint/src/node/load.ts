import { join } from "node:path";
import { type Checkpoint, openCheckpoint } from "../checkpoint.js";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { MAX_STATE_BYTES, STATE_FILE } from "../state/state-json.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { checkFolder } from "./folder.js";
import { readBounded } from "./read-bounded.js";

/** The longest file of tensors that is read: what one buffer holds on every machine. */
const MAX_TENSOR_BYTES = 2 ** 31 - 1;

/**
 * Opens the checkpoint in a folder of its own, with model and optimizer.
 *
 * @param path - of the checkpoint, such as `checkpoints/step-00000100`.
 * @returns what was saved there.
 * @throws DamagedCheckpointError if it is not there or not whole, as `openCheckpoint` does; UnreadableCheckpointError
 *   likewise, also if a file is longer than is read (state.json 4 MiB, the others 2 GiB), if it or a file of it is a link
 *   or something else, or the file system does not give it out.
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  await checkFolder(path);
  const read = (name: string, most: number) => readBounded(join(path, name), most, name);
  const state = await read(STATE_FILE, MAX_STATE_BYTES);
  const [model, optimizer] = await Promise.all([
    read("model.safetensors", MAX_TENSOR_BYTES),
    read("optimizer.safetensors", MAX_TENSOR_BYTES),
  ]);
  return openCheckpoint({ [STATE_FILE]: state, "model.safetensors": model, "optimizer.safetensors": optimizer });
}

/**
 * Opens a checkpoint under the name that its folder has.
 *
 * @throws DamagedCheckpointError if it is not whole, or of another step than its name says, and UnreadableCheckpointError
 *   if it cannot be opened; the message begins with the name.
 */
export async function loadNamed(name: string, step: number, path: string): Promise<Checkpoint> {
  try {
    const checkpoint = await loadCheckpoint(path);
    if (checkpoint.step === step) return checkpoint;
    throw new DamagedCheckpointError(`${STATE_FILE}: expected step ${step}, got ${checkpoint.step}`);
  } catch (error) {
    throw namedError(name, error);
  }
}

/** The same error about a checkpoint's file, with the checkpoint's name before it; any other error as it is. */
export function namedError(name: string, error: unknown): unknown {
  if (error instanceof DamagedCheckpointError)
    return new DamagedCheckpointError(`${name}: ${error.message}`, { cause: error });
  if (error instanceof UnreadableCheckpointError)
    return new UnreadableCheckpointError(`${name}: ${error.message}`, { cause: error });
  return error;
}
