import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagesPicture } from "../diagram/picture.mjs";
import { withTable } from "../diagram/table.mjs";
import { root } from "../pnpm.mjs";

const hint = "the manifests say something else; run: npm run docs:diagram";
const committed = (name) => readFileSync(join(root, "docs/guide", name), "utf8");

describe("the guide to the packages", () => {
  it("has the dependencies of the manifests in its diagram", async () => {
    const isTheSame = (await packagesPicture()) === committed("packages.svg"); // a diff of two SVG files is not readable
    expect(isTheSame, hint).toBe(true);
  });

  it("has the dependencies of the manifests in its table", () => {
    const page = committed("packages.md");
    expect(withTable(page), hint).toBe(page);
  });
});
