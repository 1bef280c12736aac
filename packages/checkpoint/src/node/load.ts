import { join } from "node:path";
import { type Checkpoint, parseCheckpoint } from "../checkpoint.js";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { MAX_STATE_BYTES, STATE_FILE } from "../state/state-json.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { type Candidate, checkFolder } from "./folder.js";
import { readBounded } from "./read-bounded.js";

/** Maximum length of a tensor file: the largest buffer that every machine supports. */
const MAX_TENSOR_BYTES = 2 ** 31 - 1;

/** Options of `loadCheckpoint`. */
export interface LoadCheckpointOptions {
  /**
   * Whether to read the model alone: `optimizer` is empty, and its file may be missing, as in a published network;
   * default: false.
   */
  readonly modelOnly?: boolean | undefined;
}

/**
 * Loads a checkpoint from its folder, with model and optimizer.
 *
 *     const { step, model } = await loadCheckpoint("checkpoints/step-00000100");
 *
 * @param path - of the checkpoint's folder.
 * @param options - `modelOnly`: whether to read the model alone, default: false.
 * @returns the checkpoint.
 * @throws DamagedCheckpointError if the checkpoint is missing or not intact; UnreadableCheckpointError if
 *   `parseCheckpoint` throws it, a file is too long (state.json 4 MiB, the others 2 GiB), the folder or a file is a link
 *   or something else, or the file system refuses access.
 */
export async function loadCheckpoint(
  path: string,
  { modelOnly = false }: LoadCheckpointOptions = {},
): Promise<Checkpoint> {
  await checkFolder(path);
  const read = (name: string, maxBytes: number) => readBounded(join(path, name), maxBytes, name);
  const state = await read(STATE_FILE, MAX_STATE_BYTES);
  const names = modelOnly ? ["model.safetensors"] : ["model.safetensors", "optimizer.safetensors"];
  const files = await Promise.all(names.map(async (name) => [name, await read(name, MAX_TENSOR_BYTES)] as const));
  return parseCheckpoint({ [STATE_FILE]: state, ...Object.fromEntries(files) });
}

/**
 * Loads a checkpoint whose folder has a name with a step.
 *
 * @throws DamagedCheckpointError if it is not intact or has another step than its name; UnreadableCheckpointError if it
 *   cannot be opened; the message begins with the name.
 */
export async function loadNamed(
  { name, step, path }: Candidate,
  options: LoadCheckpointOptions = {},
): Promise<Checkpoint> {
  try {
    const checkpoint = await loadCheckpoint(path, options);
    if (checkpoint.step === step) return checkpoint;
    throw new DamagedCheckpointError(`${STATE_FILE}: expected step ${step}, got ${checkpoint.step}`);
  } catch (error) {
    throw withName(name, error);
  }
}

/** Puts the checkpoint's name before the message of an error about one of its files; returns other errors unchanged. */
export function withName(name: string, error: unknown): unknown {
  if (error instanceof DamagedCheckpointError)
    return new DamagedCheckpointError(`${name}: ${error.message}`, { cause: error });
  if (error instanceof UnreadableCheckpointError)
    return new UnreadableCheckpointError(`${name}: ${error.message}`, { cause: error });
  return error;
}
