/** Lists the pages that are documentation; tests run their contents. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/** Pages that are historical records or generated. */
const NO_DOCUMENTATION = /(^|\/)(CHANGELOG|api(-[\w-]+)?)\.md$|^bench\/results\/|^\.changeset\//;

/** @returns {{ page: string, markdown: string }[]} every page with its path in the clone. */
export function docPages() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: root });
  const pages = listed.toString().split("\n").filter(Boolean);
  return [...new Set(pages)]
    .filter((page) => !NO_DOCUMENTATION.test(page) && existsSync(join(root, page)))
    .sort()
    .map((page) => ({ page, markdown: readFileSync(join(root, page), "utf8") }));
}
