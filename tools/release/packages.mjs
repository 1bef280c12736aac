/** The published packages, as they are in the workspace. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/**
 * @typedef {object} Package
 * @property {string} name - name with scope.
 * @property {string} version
 * @property {string} folder - path below the workspace's root.
 * @property {Record<string, any>} manifest
 */

/** Lists the folders of all packages and apps, below the workspace's root. */
export function memberFolders() {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group))
      .map((entry) => `${group}/${entry}`)
      .filter((folder) => existsSync(join(root, folder, "package.json"))),
  );
}

/**
 * Lists every package that is not private, each after its dependencies. Not the platform packages, which have only a binary.
 *
 * @returns {Package[]}
 */
export function publicPackages() {
  return releasedPackages().filter(({ name }) => targetOf(name) === undefined);
}

/**
 * Lists the packages with the binaries of the native engine.
 *
 * @returns {Package[]}
 */
export function platformPackages() {
  return releasedPackages().filter(({ name }) => targetOf(name) !== undefined);
}

/**
 * Lists every package that is not private, each after its dependencies, optional ones included: a platform package comes before the
 * engine.
 *
 * @returns {Package[]}
 */
export function releasedPackages() {
  const all = memberFolders()
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => ({ name: manifest.name, version: manifest.version, folder, manifest }));
  return inOrder(all);
}

/**
 * Returns the platform that a package has the binary for, a key of `TARGETS` such as `linux-x64`.
 *
 * @param {string} name - name with scope.
 * @returns {string | undefined} undefined if it is no platform package.
 */
export function targetOf(name) {
  return /^@dnc\/engine-native-(.+)$/.exec(name)?.[1];
}

/** Sorts by dependencies, then by name. */
function inOrder(packages) {
  const byName = new Map(packages.map((each) => [each.name, each]));
  const ordered = new Set();
  const visit = (each) => {
    const { dependencies = {}, optionalDependencies = {} } = each.manifest;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }).sort())
      if (byName.has(name) && !ordered.has(byName.get(name))) visit(byName.get(name));
    ordered.add(each);
  };
  for (const name of [...byName.keys()].sort()) if (!ordered.has(byName.get(name))) visit(byName.get(name));
  return [...ordered];
}
