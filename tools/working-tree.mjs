/** Creates copies of this clone, including uncommitted changes. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./pnpm.mjs";

const LISTED = ["--cached", "--others", "--exclude-standard", "--deduplicate", "-z"];

/**
 * Copies the files that git tracks or would track, in their current state.
 *
 * @param {string} place - the target folder; created if missing.
 */
export function copyWorkingTree(place) {
  const listed = execFileSync("git", ["ls-files", ...LISTED], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  for (const file of listed.split("\0").filter(Boolean)) {
    const from = join(root, file);
    if (!existsSync(from) || lstatSync(from).isDirectory()) continue; // deleted and not committed, or a nested repository
    mkdirSync(dirname(join(place, file)), { recursive: true });
    cpSync(from, join(place, file));
  }
}

/**
 * Shares a folder of this clone, such as downloads, with a copy.
 *
 * @param {string} folder - path relative to both.
 * @param {string} place - folder of the copy.
 */
export function share(folder, place) {
  mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(dirname(join(place, folder)), { recursive: true });
  symlinkSync(join(root, folder), join(place, folder), "junction");
}
