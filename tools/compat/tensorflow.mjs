/** Groups packages by the TensorFlow.js version to test them with, according to their peer ranges. */
import { admits, compareVersions, lowestOf, newestOf } from "./versions.mjs";

/** @typedef {{ version: string, packages: string[] }} Group - packages to test with one version. */

/**
 * @param {string} wanted - "lowest" or "highest" (of each package), or a version.
 * @param {Record<string, Record<string, string>>} peers - peer dependencies by package.
 * @param {string[]} versions - all existing versions.
 * @returns {Group[]} groups, the oldest version first.
 * @throws RangeError if no package supports the version.
 */
export function groupsOf(wanted, peers, versions) {
  const packages = {};
  for (const [name, peer] of Object.entries(peers)) {
    const ranges = Object.entries(peer)
      .filter(([dependency]) => dependency.startsWith("@tensorflow/"))
      .map(([, range]) => range);
    if (ranges.length === 0) continue; // does not need TensorFlow.js
    const version = versionFor(wanted, ranges, versions);
    if (version === undefined) continue;
    packages[version] ??= [];
    packages[version].push(name);
  }
  const groups = Object.entries(packages).map(([version, names]) => ({ version, packages: names }));
  if (groups.length === 0)
    throw new RangeError(`--tensorflow: expected a version that a peer range admits, got "${wanted}"`);
  return groups.sort((a, b) => compareVersions(a.version, b.version));
}

/** Merges groups of the same version. */
export function mergedGroups(groups) {
  const versions = [...new Set(groups.map(({ version }) => version))].sort(compareVersions);
  return versions.map((version) => {
    const same = groups.filter((group) => group.version === version);
    return { version, packages: [...new Set(same.flatMap(({ packages }) => packages))] };
  });
}

function versionFor(wanted, ranges, versions) {
  const possible = (version) => ranges.every((range) => admits(range, version));
  if (wanted === "lowest") return ranges.map(lowestOf).sort(compareVersions).at(-1);
  if (wanted === "highest") return newestOf(versions, possible);
  return versions.includes(wanted) && possible(wanted) ? wanted : undefined;
}
