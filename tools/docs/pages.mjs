/** The pages that are documentation: what they say is done by tests. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/** Records of what was once the case, and pages that a program writes. */
const NO_DOCUMENTATION = /(^|\/)(CHANGELOG|api(-[\w-]+)?)\.md$|^bench\/results\/|^\.changeset\//;

/** @returns {{ page: string, markdown: string }[]} every page by its path in the clone. */
export function docPages() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: root });
  const pages = listed.toString().split("\n").filter(Boolean);
  return [...new Set(pages)]
    .filter((page) => !NO_DOCUMENTATION.test(page) && existsSync(join(root, page)))
    .sort()
    .map((page) => ({ page, markdown: readFileSync(join(root, page), "utf8") }));
}
