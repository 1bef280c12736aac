/**
 * Releases changed packages: `npm run release`.
 *
 * Turns changesets into versions and a commit. Each package whose version is not in the registry is built from scratch,
 * packed and checked; binaries of the native engine are built for every platform. Once all tarballs are correct they are published, dependencies first, and tagged one by one.
 * Every step skips what is already done, so after a failure the same command continues. npm's configuration determines
 * registry and account. Exit status: 0 done, 1 if something failed, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DEVELOPMENT } from "./dependencies.mjs";
import { script } from "./flags.mjs";
import { home } from "./pnpm.mjs";
import { assertAddress, missingAddress } from "./release/address.mjs";
import { checkTarball } from "./release/check-tarball.mjs";
import { assertReady, branch, changedSince, commit, isTagged, tag, undoVersions } from "./release/git.mjs";
import { releasedPackages, targetOf } from "./release/packages.mjs";
import { assertCompiler, assertSameSources, buildBinaries } from "./release/platforms.mjs";
import { isPublished, publish } from "./release/registry.mjs";
import { packPackages } from "./repository/packed.mjs";
import { rebuild, setUp } from "./setup.mjs";

const FLAGS = {
  dry_run: { kind: "switch", help: "only say what would happen: no version, no commit, nothing published" },
};

/** Folder for tarballs and their unpacked contents. */
const PLACE = join(home, "release");

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main({ dry_run: dryRun }) {
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  try {
    await (dryRun ? plan() : release());
    return 0;
  } catch (error) {
    console.error(`release: ${error.message}`);
    return 1;
  } finally {
    rmSync(PLACE, { recursive: true, force: true });
  }
}

async function plan() {
  const address = missingAddress(releasedPackages());
  if (address !== undefined) say(`It would not begin: ${address}`);
  await assertReady().catch((error) => say(`It would not begin: ${error.message}`));
  const pending = await newVersions();
  const packages = withVersions(pending);
  const missing = await missingOf(packages);
  const notBegun = (error) => say(`It would not begin: ${error.message}`);
  await assertSameSources(missing, packages).catch(notBegun);
  await assertCompiler(missing).catch(notBegun);
}

async function release() {
  assertAddress(releasedPackages());
  await assertReady();
  const pending = await newVersions();
  await assertSameSources(pending, withVersions(pending));
  await assertCompiler(pending);
  if (pending.length > 0) await writeVersions(pending);
  const missing = await missingOf(releasedPackages());
  await assertSameSources(missing, releasedPackages());
  await assertCompiler(missing);
  const tarballs = missing.length > 0 ? await checked(missing) : [];
  for (const [index, each] of missing.entries()) {
    await publish(tarballs[index], each);
    await tag(each);
    say(`Published and tagged ${each.name} ${each.version}.`);
  }
  if (missing.length > 0) say("What is left to you: git push --follow-tags");
}

/** Lists the versions that changesets request; none of them may be in the registry. */
async function newVersions() {
  await setUp({ groups: [...DEVELOPMENT, "lint", "release"], build: false });
  const { pendingVersions } = await import("./release/versions.mjs"); // imported here because it needs the set-up
  const pending = await pendingVersions();
  if (pending.length === 0) return pending;
  say(`New versions: ${list(pending)}.`);
  const there = await published(pending);
  if (there.length > 0) throw new Error(`the registry has ${list(there)} already: is this clone behind? git pull`);
  return pending;
}

/** Lists all packages as they are when these versions are written. */
function withVersions(pending) {
  return releasedPackages().map((each) => ({ ...each, ...pending.find(({ name }) => name === each.name) }));
}

/** Turns changesets into versions, changelogs and a commit; undoes everything on failure. */
async function writeVersions(pending) {
  await commit("Changesets", [".changeset"]);
  const versions = await import("./release/versions.mjs");
  try {
    await versions.writeVersions();
    await commit(`Release ${list(pending)}`);
  } catch (error) {
    await undoVersions();
    throw error;
  }
}

/** Lists the packages whose version is not in the registry, and prints them and notes about the release. */
async function missingOf(packages) {
  await warnOfForgotten(packages);
  const there = await published(packages);
  const missing = packages.filter((each) => !there.includes(each));
  const untagged = [];
  for (const each of there) if (!(await isTagged(each))) untagged.push(each);
  if (untagged.length > 0) say(`No tag here names ${list(untagged)}, which the registry has: git fetch --tags`);
  say(missing.length === 0 ? "The registry has every version." : `To publish: ${list(missing)}.`);
  if (missing.length > 0 && (await branch()) !== "main") say(`This is ${await branch()}, not main.`);
  return missing;
}

/** Lists the releases that are in the registry. */
async function published(releases) {
  const there = await Promise.all(releases.map(isPublished));
  return releases.filter((_, index) => there[index]);
}

/** Warns of packages that differ from the release of their version. */
async function warnOfForgotten(packages) {
  for (const each of packages) {
    const files = await changedSince(each);
    if (files.length > 0)
      say(`${each.name} has changed since ${each.version}, without a changeset: ${files.join(", ")}.`);
  }
}

/** Builds and packs all packages and checks the tarballs, before any of them is published. */
async function checked(packages) {
  const compiled = packages.filter(({ name }) => targetOf(name) === undefined);
  if (compiled.length > 0) await rebuild(compiled);
  await buildBinaries(packages);
  const names = packages.map(({ name }) => name.slice("@dnc/".length));
  const tarballs = Object.values(packPackages(names, PLACE));
  for (const [index, { name }] of packages.entries()) {
    const problems = await checkTarball(tarballs[index], PLACE);
    if (problems.length > 0) throw new Error(`${name} cannot be published like this:\n${problems.join("\n")}`);
  }
  return tarballs;
}

function list(releases) {
  return releases.map(({ name, version }) => `${name} ${version}`).join(", ");
}

function say(line) {
  console.log(line);
}

process.exitCode = await script({ name: "release", call: "npm run release --", flags: FLAGS }, main);
