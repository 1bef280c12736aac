/** Dependencies between packages, from the manifests. */
import { member, published } from "../repository/workspace.mjs";

/** The kinds of relation, in the order of the legend. */
export const KINDS = ["dependency", "peer", "optional peer", "optional dependency"];

/**
 * Lists the dependencies of each published package.
 *
 * @returns in the order of `published`: its name, its manifest, and `needs`, each a kind and the name of another package.
 */
export function packagesAndNeeds() {
  return published.map((name) => {
    const { manifest } = member(name);
    const { dependencies, peerDependencies, peerDependenciesMeta, optionalDependencies } = manifest;
    const peerKind = (target) => (peerDependenciesMeta?.[target]?.optional ? "optional peer" : "peer");
    const needs = [
      ...Object.keys(dependencies ?? {}).map((target) => ({ kind: "dependency", target })),
      ...Object.keys(peerDependencies ?? {}).map((target) => ({ kind: peerKind(target), target })),
      ...Object.keys(optionalDependencies ?? {}).map((target) => ({ kind: "optional dependency", target })),
    ];
    return { name: manifest.name, manifest, needs };
  });
}

/**
 * Whether a package is one of ours.
 *
 * @param name - full name of the package.
 */
export function isOurs(name) {
  return name.startsWith("@dnc/");
}
