/** The binaries of platform packages: built for a release from the sources that are released. */
import { existsSync } from "node:fs";
import { buildAll } from "../native-engine/build-all.mjs";
import { cachedBinary } from "../native-engine/compile.mjs";
import { assertPinnedZig, BuildError, findPinnedZig, PINNED_VERSION } from "../native-engine/compiler.mjs";
import { TARGETS } from "../native-engine/targets.mjs";
import { ReleaseError } from "./error.mjs";
import { changedSince } from "./git.mjs";
import { targetOf } from "./packages.mjs";

const ENGINE = "@dnc/engine-native";
const KERNEL = "@dnc/kernel";

/** What a binary is compiled from: by the kernel's package, and by the rest. */
const KERNEL_SOURCES = ["packages/kernel/source"];
const SOURCES = [...KERNEL_SOURCES, "packages/engine-native/addon", "tools/native-engine"];

/**
 * Refuses what would make the binaries of one version differ in their sources, or differ from a kernel that is already released.
 *
 * @param {import("./packages.mjs").Package[]} missing - packages to publish.
 * @param {import("./packages.mjs").Package[]} all - all packages, with the versions of this release.
 * @throws ReleaseError if native sources have changed since a part of the same version was published.
 */
export async function assertSameSources(missing, all) {
  const isPart = ({ name }) => name === ENGINE || targetOf(name) !== undefined;
  if (!missing.some(isPart)) return;
  for (const each of all.filter((one) => isPart(one) || one.name === KERNEL)) {
    const changed = await changedSince(each, each.name === KERNEL ? KERNEL_SOURCES : SOURCES);
    if (changed.length === 0) continue;
    const remedy = `a changeset for ${each.name === KERNEL ? KERNEL : ENGINE} gives all of them a new version`;
    throw new ReleaseError(
      `${each.name} ${each.version} is released, and the native engine would be built from other sources: ` +
        `${changed.join(", ")} changed since; ${remedy}`,
    );
  }
}

/**
 * Checks that the binaries of these packages can be built here. Installs and builds nothing.
 *
 * @param {{ name: string }[]} packages - packages to publish; others than platform packages do not count.
 * @throws ReleaseError that says what is needed.
 */
export async function assertCompiler(packages) {
  const targets = targetsOf(packages);
  if (areCached(targets)) return;
  await explained(targets, assertPinnedZig);
}

/**
 * Puts the binaries of platform packages into their folders, whatever is there now: built from the sources as they are, with the pinned
 * compiler, unless the cache has just that.
 *
 * @param {{ name: string }[]} packages - packages to publish; others than platform packages do not count.
 * @throws ReleaseError that says what is needed, or what the compiler says.
 */
export async function buildBinaries(packages) {
  const targets = targetsOf(packages);
  if (targets.length === 0) return;
  // What comes from the cache needs no compiler, only its version.
  const getCompiler = areCached(targets) ? () => ({ kind: "zig", version: PINNED_VERSION }) : findPinnedZig;
  await explained(targets, () => buildAll(targets, getCompiler));
}

/** Lists the platforms of platform packages, in the order of `TARGETS`. */
function targetsOf(packages) {
  const wanted = packages.map(({ name }) => targetOf(name));
  return Object.keys(TARGETS).filter((target) => wanted.includes(target));
}

function areCached(targets) {
  return targets.every((target) => existsSync(cachedBinary(target, { version: PINNED_VERSION })));
}

async function explained(targets, work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const needs = `${PINNED_VERSION} builds the native engine for ${targets.join(", ")}; Python 3 with pip brings it`;
    throw new ReleaseError(`${error.message} (${needs})`);
  }
}
