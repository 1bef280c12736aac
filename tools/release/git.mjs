/** What a release asks of git and does with it: everything in this clone, nothing on a server. */
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { ReleaseError } from "./error.mjs";

/** What a package is made from, beside its own folder. */
const SOURCES = ["packages", "apps", "package.json", "pnpm-lock.yaml", "tsconfig.base.json", "LICENSE"];

/** @throws ReleaseError if what packages are made from differs from the last commit, or nobody is there to commit. */
export async function assertReady() {
  const changed = await git("status", "--porcelain", "--", ...SOURCES);
  if (changed.trim() !== "")
    throw new ReleaseError(`expected everything committed, but this is not:\n${changed.trimEnd()}`);
  await git("var", "GIT_COMMITTER_IDENT");
}

/** Commits what the new versions changed. */
export async function commit(message) {
  await git("add", "--all", ".changeset", "packages", "apps");
  await git("commit", "--quiet", "-m", message);
}

/** The tag of a version, as changesets names it. */
export function tagOf({ name, version }) {
  return `${name}@${version}`;
}

/** Tags the current commit, unless the tag is there. @returns {Promise<boolean>} whether it was not. */
export async function tag(release) {
  const name = tagOf(release);
  if (await hasTag(name)) return false;
  await git("tag", "-a", name, "-m", name);
  return true;
}

/**
 * The sources of a package that have changed since its version was tagged.
 *
 * @param {{ name: string, version: string, folder: string }} release
 * @returns {Promise<string[]>} none where there is no tag.
 */
export async function changedSince(release) {
  const name = tagOf(release);
  if (!(await hasTag(name))) return [];
  const places = ["src", "bin", "kernel"].map((place) => `${release.folder}/${place}`);
  return (await git("diff", "--name-only", name, "--", ...places)).split("\n").filter((line) => line !== "");
}

async function hasTag(name) {
  return (await git("tag", "--list", name)).trim() === name;
}

async function git(...args) {
  const { status, output } = await run(["git", ...args], { cwd: root });
  if (status !== 0) throw new ReleaseError(`git ${args.join(" ")} failed:\n${output.trim()}`);
  return output;
}
