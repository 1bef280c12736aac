/** Node in any version: official binaries, from the npm package of the platform. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fetchPackage, publishedVersions } from "./registry.mjs";
import { admits, beginsWith, lowestOf, newestOf } from "./versions.mjs";

/** @typedef {{ version: string, program: string }} Node */

/**
 * @param {string} wanted - "lowest" (that the workspace supports), "newest", or a version or prefix: `22`, `20.19.0`.
 * @param {string} range - the range that the workspace supports.
 * @param {string[]} versions - all existing versions.
 * @returns {string} a version.
 * @throws RangeError if there is none.
 */
export function resolveNode(wanted, range, versions) {
  const meant = { lowest: lowestOf(range), newest: "" }[wanted] ?? wanted;
  const found = newestOf(versions, (version) => admits(range, version) && (meant === "" || beginsWith(version, meant)));
  if (found === undefined) throw new RangeError(`--node: expected a version of Node ${range}, got "${wanted}"`);
  return found;
}

/** Lists all versions for this platform. */
export function nodeVersions() {
  return publishedVersions(PACKAGE);
}

/** @returns {Promise<Node>} */
export async function fetchNode(version) {
  const folder = await fetchPackage(PACKAGE, version);
  const program = ["bin/node", "bin/node.exe"].map((name) => join(folder, name)).find(existsSync);
  return { version, program };
}

const PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
