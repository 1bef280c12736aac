/**
 * Releases what has changed: `npm run release`.
 *
 * Changesets become versions and a commit; everything is built; each package whose version the registry lacks is packed
 * and checked, and only once all are right are these very tarballs published, dependencies first, and tagged. Every step
 * looks at what is there already, so after a failure the same command goes on. What it publishes to, and as whom, is
 * npm's own configuration. Exit status: 0 done, 1 something failed, 2 if the command is wrong.
 */
import "./node-version.mjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { script } from "./flags.mjs";
import { checkTarball } from "./release/check-tarball.mjs";
import { assertReady, changedSince, commit, tag, tagOf } from "./release/git.mjs";
import { publicPackages } from "./release/packages.mjs";
import { isPublished, publish } from "./release/registry.mjs";
import { packPackage } from "./repository/packed.mjs";
import { rebuild, setUp } from "./setup.mjs";

const FLAGS = {
  dry_run: { kind: "switch", help: "only say what would happen: nothing is written, nothing published" },
};

/** @param {Record<string, any>} options @returns {Promise<number>} the exit status. */
async function main(options) {
  const place = mkdtempSync(join(tmpdir(), "dnc-release-"));
  try {
    await release(place, options);
    return 0;
  } catch (error) {
    console.error(`release: ${error.message}`);
    return 1;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function release(place, { dry_run: dryRun }) {
  if (!dryRun) await assertReady();
  await setUp({ build: false });
  const packages = await withNewVersions({ dryRun });
  await warnOfForgotten(packages);
  const there = await Promise.all(packages.map(isPublished));
  const missing = packages.filter((_, index) => !there[index]);
  say(missing.length === 0 ? "The registry has every version." : `To publish: ${list(missing)}.`);
  if (dryRun) return;
  const tarballs = missing.length > 0 ? await checked(missing, place) : [];
  for (const [index, each] of missing.entries()) {
    await publish(tarballs[index], each);
    say(`Published ${each.name} ${each.version}.`);
  }
  const tagged = [];
  for (const each of packages) if (await tag(each)) tagged.push(tagOf(each));
  if (tagged.length > 0) say(`Tagged ${tagged.join(", ")}. What is left to you: git push --follow-tags`);
}

/** All packages, once changesets, if there are any, have become versions, changelogs and a commit. */
async function withNewVersions({ dryRun }) {
  // Only now: it needs what the set-up installs.
  const { pendingVersions, writeVersions } = await import("./release/versions.mjs");
  const pending = await pendingVersions();
  if (pending.length === 0) return publicPackages();
  say(`New versions: ${list(pending)}.`);
  if (dryRun) return publicPackages().map((each) => ({ ...each, ...pending.find(({ name }) => name === each.name) }));
  await writeVersions();
  await commit(`Release ${list(pending)}`);
  return publicPackages();
}

/** Says which packages differ from what was released under their version. */
async function warnOfForgotten(packages) {
  for (const each of packages) {
    const files = await changedSince(each);
    if (files.length > 0)
      say(`${each.name} has changed since ${each.version}, without a changeset: ${files.join(", ")}.`);
  }
}

/** Builds and packs the packages and checks the tarballs, all of them before the first is published. */
async function checked(packages, place) {
  await rebuild(packages);
  const tarballs = packages.map(({ name }) => packPackage(name.slice("@dnc/".length), place));
  for (const [index, { name }] of packages.entries()) {
    const problems = await checkTarball(tarballs[index], place);
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
