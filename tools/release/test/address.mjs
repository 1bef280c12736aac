/** The address of a repository that does not exist, for test releases. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { releasedPackages } from "../packages.mjs";

const HOME = "https://dnc.invalid/dnc";

/** Adds the fields that a release requires to each package of a copy from `copyClone`, and commits them. */
export function giveAddress(clone) {
  for (const { folder } of releasedPackages()) {
    const file = join(clone, folder, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    const repository = { type: "git", url: `git+${HOME}.git`, directory: folder };
    const complete = { ...manifest, repository, homepage: HOME, bugs: { url: `${HOME}/issues` } };
    writeFileSync(file, `${JSON.stringify(complete, undefined, 2)}\n`);
  }
  execFileSync("git", ["commit", "--quiet", "--all", "--amend", "--no-edit"], { cwd: clone });
}
