/** A copy of this clone to make releases from: its current files, with a new history. */
import { execFileSync } from "node:child_process";
import { copyWorkingTree, share } from "../working-tree.mjs";

/**
 * Copies the files that git tracks or would track, and commits them. Downloads are shared; everything else is separate.
 *
 * @param {string} folder - the target folder, which is created.
 */
export function copyClone(folder) {
  copyWorkingTree(folder);
  for (const store of [".tools/pnpm-store", ".tools/npm-cache"]) share(store, folder);
  const git = (...args) => execFileSync("git", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "maintainer");
  git("config", "user.email", "maintainer@localhost");
  git("config", "commit.gpgSign", "false");
  git("config", "tag.gpgSign", "false");
  git("add", "--all");
  git("commit", "--quiet", "-m", "The clone as it is");
}
