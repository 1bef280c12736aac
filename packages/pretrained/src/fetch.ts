import type { PretrainedName } from "./networks.js";
import { pretrainedUrls } from "./pretrained.js";

/**
 * Fetches the files of a network, in a page. In Node, `readPretrained` of `@dnc/pretrained/node` reads them from disk.
 *
 *     const network = await loadNetwork(await fetchPretrained("copy")); // of @dnc/checkpoint/network
 *     const { outputs } = unroll(network, inputs); // inputs: [time, batch, network.config.inputSize]
 *     network.dispose();
 *
 * @param name - of the network.
 * @returns bytes by file name, as `loadNetwork` takes them.
 * @throws RangeError (as a rejection) if there is no network of this name; Error if the server has no such file; what
 *   `fetch` throws if the server cannot be reached.
 */
export async function fetchPretrained(name: PretrainedName): Promise<Record<string, Uint8Array>> {
  const entries = Object.entries(pretrainedUrls(name)).map(async ([file, url]) => [file, await bytesAt(url)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function bytesAt(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: expected a file, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
