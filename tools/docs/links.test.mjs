import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { readBlocks, readLinks } from "./page.mjs";

const guide = join(root, "docs/guide");
const pages = readdirSync(guide).filter((file) => file.endsWith(".md"));

/** Lists the anchors of a page's headings, as GitHub generates them. */
function anchorsOf(path) {
  const text = readFileSync(path, "utf8");
  const inBlocks = new Set(readBlocks(text).flatMap(({ code }) => code.split("\n")));
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].filter(([line]) => !inBlocks.has(line));
  return headings.map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
}

describe.each(pages)("docs/guide/%s", (file) => {
  it("links to existing files and headings", () => {
    const path = join(guide, file);
    for (const { target, line } of readLinks(readFileSync(path, "utf8"))) {
      if (/^[a-z]+:/.test(target)) continue;
      const [to, anchor] = target.split("#");
      const destination = to === "" ? path : resolve(dirname(path), to);
      expect(existsSync(destination), `line ${line}: ${relative(root, destination)}`).toBe(true);
      if (anchor && destination.endsWith(".md")) expect(anchorsOf(destination), `line ${line}`).toContain(anchor);
    }
  });

  it("is in the index of the guides", () => {
    const index = readLinks(readFileSync(join(guide, "README.md"), "utf8")).map(({ target }) => target);
    if (file !== "README.md") expect(index).toContain(file);
  });
});
