import { loadNetwork } from "@dnc/checkpoint/network";

const NAMES = ["state.json", "model.safetensors"];

/**
 * Loads the latest network from a folder of checkpoints on the server.
 *
 * @param {string} folder - URL of the folder, such as `checkpoints` in a run of `dnc train`.
 */
export async function fetchNetwork(folder) {
  const name = (await (await get(`${folder}/latest`)).text()).trim();
  const responses = await Promise.all(NAMES.map((file) => get(`${folder}/${name}/${file}`)));
  const bytes = await Promise.all(responses.map(async (response) => new Uint8Array(await response.arrayBuffer())));
  return loadNetwork(Object.fromEntries(NAMES.map((file, index) => [file, bytes[index]])));
}

/** Loads a network from files that the user has selected. */
export async function openNetwork(files) {
  const entries = Array.from(files, async (file) => [file.name, new Uint8Array(await file.arrayBuffer())]);
  return loadNetwork(Object.fromEntries(await Promise.all(entries)));
}

async function get(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response;
}
