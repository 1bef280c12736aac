/** Git operations of a release, all in this clone and none on a server. */
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { ReleaseError } from "./error.mjs";

/** Sources of packages besides their own folders. */
const SOURCES = [
  "packages",
  "apps",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "tsconfig.base.json",
  "tools/native-engine",
  "LICENSE",
];
/** Folders that new versions change. */
const VERSIONED = [".changeset", "packages", "apps"];

/** @throws ReleaseError if sources of packages have uncommitted changes, or git has no user to commit as. */
export async function assertReady() {
  const changed = await git("status", "--porcelain", "--", ...SOURCES);
  if (changed.trim() !== "")
    throw new ReleaseError(`expected everything committed, but this is not:\n${changed.trimEnd()}`);
  await git("var", "GIT_COMMITTER_IDENT");
}

/** Commits only these files, if they differ from the last commit. */
export async function commit(message, files = VERSIONED) {
  if ((await git("status", "--porcelain", "--", ...files)).trim() === "") return;
  await git("add", "--all", "--", ...files);
  await git("commit", "--quiet", "-m", message, "--", ...files);
}

/** Restores everything that new versions change to the last commit. */
export async function undoVersions() {
  await git("restore", "--source=HEAD", "--staged", "--worktree", "--", ...VERSIONED);
}

/** Tags the current commit. */
export async function tag(release) {
  await git("tag", "-a", tagOf(release), "-m", tagOf(release));
}

/** Whether a version has a tag in the clone. */
export async function isTagged(release) {
  return (await git("tag", "--list", tagOf(release))).trim() !== "";
}

/** The parts of a package's folder that users see, or that are compiled into what they get. */
const VISIBLE = ["src", "bin", "presets", "source", "addon", "package.json", "README.md"];

/**
 * Lists the files that have changed since a version was tagged.
 *
 * @param {{ name: string, version: string, folder: string }} release
 * @param {string[]} places - files and folders to consider; default: what users of the package get.
 * @returns {Promise<string[]>} empty if there is no tag.
 */
export async function changedSince(release, places = VISIBLE.map((place) => `${release.folder}/${place}`)) {
  if (!(await isTagged(release))) return [];
  const changed = await git("diff", "--name-only", tagOf(release), "--", ...places);
  return changed.split("\n").filter((line) => line !== "");
}

/** Returns the branch, or git's text if there is none. */
export async function branch() {
  return (await git("rev-parse", "--abbrev-ref", "HEAD")).trim();
}

/** Returns the tag of a version, as changesets names it. */
function tagOf({ name, version }) {
  return `${name}@${version}`;
}

async function git(...args) {
  const { status, output } = await run(["git", ...args], { cwd: root });
  if (status !== 0) throw new ReleaseError(`git ${args[0]} failed:\n${output.trim()}`);
  return output;
}
