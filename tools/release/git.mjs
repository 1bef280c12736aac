/** What a release asks of git and does with it: everything in this clone, nothing on a server. */
import { root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { ReleaseError } from "./error.mjs";

/** What a package is made from, beside its own folder. */
const SOURCES = [
  "packages",
  "apps",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "tsconfig.base.json",
  "LICENSE",
];
/** What new versions change. */
const VERSIONED = [".changeset", "packages", "apps"];

/** @throws ReleaseError if what packages are made from differs from the last commit, or nobody is there to commit. */
export async function assertReady() {
  const changed = await git("status", "--porcelain", "--", ...SOURCES);
  if (changed.trim() !== "")
    throw new ReleaseError(`expected everything committed, but this is not:\n${changed.trimEnd()}`);
  await git("var", "GIT_COMMITTER_IDENT");
}

/** Commits these files, if they differ from the last commit, and nothing else that may be staged. */
export async function commit(message, files = VERSIONED) {
  if ((await git("status", "--porcelain", "--", ...files)).trim() === "") return;
  await git("add", "--all", "--", ...files);
  await git("commit", "--quiet", "-m", message, "--", ...files);
}

/** Puts everything that new versions change back to the last commit. */
export async function undoVersions() {
  await git("restore", "--source=HEAD", "--staged", "--worktree", "--", ...VERSIONED);
}

/** Tags the current commit. */
export async function tag(release) {
  await git("tag", "-a", tagOf(release), "-m", tagOf(release));
}

/** Whether the clone knows which commit a version came from. */
export async function isTagged(release) {
  return (await git("tag", "--list", tagOf(release))).trim() !== "";
}

/**
 * What users of a package would see that has changed since its version was tagged.
 *
 * @param {{ name: string, version: string, folder: string }} release
 * @returns {Promise<string[]>} none where there is no tag.
 */
export async function changedSince(release) {
  if (!(await isTagged(release))) return [];
  const places = ["src", "bin", "kernel", "package.json", "README.md"].map((place) => `${release.folder}/${place}`);
  const changed = await git("diff", "--name-only", tagOf(release), "--", ...places);
  return changed.split("\n").filter((line) => line !== "");
}

/** The branch, or what git says where there is none. */
export async function branch() {
  return (await git("rev-parse", "--abbrev-ref", "HEAD")).trim();
}

/** The tag of a version, as changesets names it. */
function tagOf({ name, version }) {
  return `${name}@${version}`;
}

async function git(...args) {
  const { status, output } = await run(["git", ...args], { cwd: root });
  if (status !== 0) throw new ReleaseError(`git ${args[0]} failed:\n${output.trim()}`);
  return output;
}
