import { join } from "node:path";
import type { Dnc, LstmNetwork } from "@dnc/core";
import type { Checkpoint } from "../checkpoint.js";
import type { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { formatValue } from "../format-value.js";
import { CONFIG_FILE, MAX_CONFIG_BYTES, parseConfig } from "../network/config-file.js";
import { createNetwork, type NetworkOptions, type SavedNetwork } from "../network/create-network.js";
import { stateSettings } from "../network/settings.js";
import { STATE_FILE } from "../state/state-json.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { type CheckpointSelector, findCheckpoint } from "./find.js";
import { loadCheckpoint } from "./load.js";
import { readBounded } from "./read-bounded.js";
import { statusAt } from "./status.js";

/** Options of `loadNetwork` in Node. */
export interface LoadNetworkOptions extends NetworkOptions {
  /** Which checkpoint of a run: `"latest"`, `"best"`, or a name or step; default: `"latest"`. */
  readonly checkpoint?: CheckpointSelector | undefined;
  /**
   * Called once for each damaged checkpoint that is skipped.
   *
   * @param error - its message begins with the name of the checkpoint or file.
   */
  readonly onDamaged?: ((error: DamagedCheckpointError) => void) | undefined;
}

/**
 * Loads a trained network from the folder of a run or of a checkpoint.
 *
 *     const network = await loadNetwork("runs/1"); // its newest intact checkpoint
 *     const { outputs } = unroll(network, inputs); // inputs: [time, batch, network.config.inputSize]
 *     network.dispose();
 *
 * The state of the optimizer is not read, and may be missing. The network is described by the settings in `state.json` (its `config`) or else in the run's `config.json`. The notes
 * on untrusted files of `loadNetwork` in `@dnc/checkpoint/network` apply here too.
 *
 * @param path - of a run, or of a checkpoint such as `runs/1/checkpoints/step-00000100`.
 * @param options - `checkpoint`: which one of a run; `memorySize`: number of memory slots, default: as saved;
 *   `onDamaged`: called for each damaged checkpoint that is skipped.
 * @returns the network, a `Dnc` or an `LstmNetwork`; the caller disposes it.
 * @throws DamagedCheckpointError if the checkpoint that `path` or `checkpoint` names is not intact;
 *   UnreadableCheckpointError if there is no intact checkpoint, a file cannot be read, a setting is not valid or the
 *   tensors are not those of the network; RangeError if `checkpoint` names one that does not exist, or `memorySize` is not a
 *   positive integer; TypeError if an option has the wrong type.
 */
export async function loadNetwork(path: string, options: LoadNetworkOptions = {}): Promise<Dnc | LstmNetwork> {
  const { checkpoint: selector, memorySize, onDamaged } = options;
  if ((await statusAt(join(path, STATE_FILE))) !== undefined)
    return createNetwork(await savedNetwork(await loadCheckpoint(path, { modelOnly: true }), join(path, "..", "..")), {
      memorySize,
    });
  const found = await findCheckpoint(join(path, "checkpoints"), selector, { onDamaged, modelOnly: true });
  if (found === undefined)
    throw new UnreadableCheckpointError(
      `path: expected the folder of a run with an intact checkpoint, or of a checkpoint, got ${formatValue(path)}`,
    );
  return createNetwork(await savedNetwork(found, path), { memorySize });
}

async function savedNetwork({ model, state }: Checkpoint, run: string): Promise<SavedNetwork> {
  const config = join(run, CONFIG_FILE);
  if (state.config !== undefined || (await statusAt(config)) === undefined)
    return { model, settings: stateSettings(state) };
  return { model, settings: parseConfig(await readBounded(config, MAX_CONFIG_BYTES, CONFIG_FILE)) };
}
