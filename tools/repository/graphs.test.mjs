import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { graphPictures } from "../graphs.mjs";
import { root } from "../pnpm.mjs";

it("the pictures of the paper's graphs are those that `node tools/graphs.mjs` draws", async () => {
  const pictures = await graphPictures();
  expect(Object.keys(pictures)).toEqual(["underground.svg", "family-tree.svg"]);
  for (const [file, picture] of Object.entries(pictures))
    expect(readFileSync(join(root, "docs", "guide", file), "utf8")).toBe(picture);
});
