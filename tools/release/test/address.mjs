/** The address of a repository that is not there, for releases that go nowhere. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicPackages } from "../packages.mjs";

const HOME = "https://dnc.invalid/dnc";

/** Gives each package of a copy, as `copyClone` makes it, the fields that a release wants, and commits them with the rest. */
export function giveAddress(clone) {
  for (const { folder } of publicPackages()) {
    const file = join(clone, folder, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    const repository = { type: "git", url: `git+${HOME}.git`, directory: folder };
    const complete = { ...manifest, repository, homepage: HOME, bugs: { url: `${HOME}/issues` } };
    writeFileSync(file, `${JSON.stringify(complete, undefined, 2)}\n`);
  }
  execFileSync("git", ["commit", "--quiet", "--all", "--amend", "--no-edit"], { cwd: clone });
}
