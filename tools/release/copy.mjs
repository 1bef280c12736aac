/** A copy of this clone to make releases from: its files as they are now, with a history of its own. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { home, root } from "../pnpm.mjs";

/**
 * Copies what git tracks or would track, and commits it.
 *
 * @param {string} folder - where to; it is made.
 */
export function copyClone(folder) {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
  for (const file of listed.toString().split("\0").filter(Boolean)) {
    if (!existsSync(join(root, file))) continue; // deleted, and not committed yet
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  // Downloads are shared, by their hashes; everything else is made anew.
  mkdirSync(join(folder, ".tools"), { recursive: true });
  for (const store of ["pnpm-store", "npm-cache"]) {
    mkdirSync(join(home, store), { recursive: true });
    symlinkSync(join(home, store), join(folder, ".tools", store));
  }
  const git = (...args) => execFileSync("git", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "maintainer");
  git("config", "user.email", "maintainer@localhost");
  git("config", "commit.gpgSign", "false");
  git("config", "tag.gpgSign", "false");
  git("add", "--all");
  git("commit", "--quiet", "-m", "The clone as it is");
}
