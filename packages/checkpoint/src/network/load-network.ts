import type { Dnc, LstmNetwork } from "@dnc/core";
import { fileOf, hasFile, parseCheckpoint, parseTensors } from "../checkpoint.js";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { STATE_FILE } from "../state/state-json.js";
import { CONFIG_FILE, parseConfig } from "./config-file.js";
import { createNetwork, type NetworkOptions, type SavedNetwork } from "./create-network.js";
import { type StoredSettings, stateSettings } from "./settings.js";

/** The file of a checkpoint that holds the network's parameters. */
const MODEL_FILE = "model.safetensors";

/**
 * Loads a trained network from the bytes of its files, in Node or a browser.
 *
 *     const network = await loadNetwork({ "state.json": state, "model.safetensors": model }); // Uint8Arrays
 *     const { outputs } = unroll(network, inputs); // inputs: [time, batch, network.config.inputSize]
 *     network.dispose();
 *
 * The network is described by the settings in `state.json` (its `config`) or else in the run's `config.json`; the
 * widths of inputs and outputs follow from the tensors. The files are untrusted input: every size is compared with the
 * tensors before a variable is created, and memory use is proportional to the files. Only `memory_size` does not appear
 * in any tensor: the memory is allocated when the network runs, so check or set `network.config.memorySize` if the
 * files may be hostile.
 *
 * @param files - bytes by file name: `model.safetensors` and `state.json`, `config.json` or both. With `state.json` the
 *   hash of the model is verified. Other files are ignored.
 * @param options - `memorySize`: number of memory slots; default: as saved.
 * @returns the network, a `Dnc` or an `LstmNetwork`; the caller disposes it.
 * @throws DamagedCheckpointError if a file is missing, truncated or changed; UnreadableCheckpointError if a setting is not
 *   valid, the tensors are not those of the network, or `parseCheckpoint` throws it; TypeError if a file is not a
 *   Uint8Array or `memorySize` not a number; RangeError if `memorySize` is not a positive integer.
 */
export async function loadNetwork(
  files: Readonly<Record<string, Uint8Array>>,
  options: NetworkOptions = {},
): Promise<Dnc | LstmNetwork> {
  return createNetwork(await savedNetwork(files), options);
}

async function savedNetwork(files: Readonly<Record<string, Uint8Array>>): Promise<SavedNetwork> {
  if (!hasFile(files, STATE_FILE)) {
    if (!hasFile(files, CONFIG_FILE))
      throw new DamagedCheckpointError(`${STATE_FILE}: expected it or ${CONFIG_FILE}, got neither`);
    return { model: parseTensors(MODEL_FILE, fileOf(files, MODEL_FILE)), settings: configSettings(files) };
  }
  const checkpoint = { [STATE_FILE]: fileOf(files, STATE_FILE), [MODEL_FILE]: fileOf(files, MODEL_FILE) };
  const { model, state } = await parseCheckpoint(checkpoint);
  if (state.config === undefined && hasFile(files, CONFIG_FILE)) return { model, settings: configSettings(files) };
  return { model, settings: stateSettings(state) };
}

function configSettings(files: Readonly<Record<string, Uint8Array>>): StoredSettings {
  return parseConfig(fileOf(files, CONFIG_FILE));
}
