import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { apiSnapshots } from "../api/snapshots.mjs";
import { root } from "../pnpm.mjs";

const snapshots = apiSnapshots();

describe("the snapshots of the public API", () => {
  const cases = [...snapshots].map(([file, text]) => ({ file, text, name: relative(root, file) }));

  it.each(cases)("$name equals the exports", ({ file, text }) => {
    const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
    expect(text, "the API has changed; if it should, run: npm run api").toBe(committed);
  });

  it("exist only for entry points", () => {
    for (const folder of new Set([...snapshots.keys()].map((file) => dirname(file)))) {
      const found = readdirSync(folder).filter((name) => /^api.*\.md$/.test(name));
      const expected = [...snapshots.keys()].filter((file) => dirname(file) === folder);
      expect(found.map((name) => join(folder, name)).sort()).toEqual(expected.sort());
    }
  });
});
