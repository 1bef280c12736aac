import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PretrainedName } from "../networks.js";
import { pretrainedUrls } from "../pretrained.js";

/**
 * Reads the files of a network from this package.
 *
 *     const network = await loadNetwork(await readPretrained("copy")); // of @dnc/checkpoint/network
 *     const { outputs } = unroll(network, inputs); // inputs: [time, batch, network.config.inputSize]
 *     network.dispose();
 *
 * @param name - of the network.
 * @returns bytes by file name, as `loadNetwork` takes them.
 * @throws RangeError (as a rejection) if there is no network of this name; an error of the file system if a file cannot
 *   be read.
 */
export async function readPretrained(name: PretrainedName): Promise<Record<string, Uint8Array>> {
  const files = Object.entries(pretrainedUrls(name));
  const entries = files.map(async ([file, url]) => [file, await readFile(fileURLToPath(url))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * Returns the folder of a network, which is laid out as that of a run of `dnc train`: `config.json`, and a checkpoint
 * without the optimizer's state, so that training cannot go on from it. `record.json` has the facts about the network.
 *
 * @param name - of the network.
 * @returns the path.
 * @throws RangeError if there is no network of this name.
 */
export function pretrainedFolder(name: PretrainedName): string {
  return join(fileURLToPath(pretrainedUrls(name)["state.json"]), "../../..");
}
