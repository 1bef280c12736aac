import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { TRACE_DIMENSIONS } from "@dnc/core";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { member } from "../repository/workspace.mjs";
import { defines } from "./definitions.mjs";
import { readLinks, readRows } from "./page.mjs";

const folder = join(root, "docs/guide");
const page = readFileSync(join(folder, "equations.md"), "utf8");

/** Links whose text is a name in backticks: to the source that defines it. */
const named = readLinks(page).flatMap(({ text, target, line }) => {
  const [, name] = text.match(/^`([\w.]+)`$/) ?? [];
  return name === undefined ? [] : [{ name, target, line }];
});

/** What the page says of a name after its link: that a package exports it, or has it inside. */
const owned = [...page.matchAll(/\[`([\w.]+)`\]\(([^)]+)\) (of|inside) `@dnc\/([\w-]+)`/g)].map(
  ([, name, target, how, owner]) => ({ name, target, how, owner }),
);

describe("the page of equations", () => {
  it("links each function to the source that defines it", () => {
    expect(named.length).toBeGreaterThan(80);
    for (const { name, target, line } of named) {
      const path = resolve(folder, target);
      expect(existsSync(path), `line ${line}: ${target}`).toBe(true);
      expect(defines(path, name), `line ${line}: ${name} in ${target}`).toBe(true);
    }
  });

  it("says of each function in its tables of equations whose it is", () => {
    const equations = page.slice(0, page.indexOf("## The same equations written for speed"));
    const links = readLinks(equations).filter(({ text }) => text.startsWith("`"));
    expect(owned.filter(({ name }) => equations.includes(`[\`${name}\`]`)).length).toBe(links.length);
  });

  it("names a function for every equation, or says that it is not computed", () => {
    const rows = readRows(page);
    expect(rows.length).toBeGreaterThan(80);
    for (const { cells, line } of rows) {
      expect(cells, `line ${line}`).toHaveLength(4);
      const named = readLinks(cells.join(" | ")).some(({ text }) => text.startsWith("`"));
      expect(named || cells[2].startsWith("**not computed**"), `line ${line}`).toBe(true);
    }
  });

  it("calls quantities by their names in traces and states", () => {
    const known = [...Object.keys(TRACE_DIMENSIONS), "hidden", "cell"];
    const equations = page.slice(0, page.indexOf("## The same equations written for speed"));
    const names = readRows(equations).flatMap(({ cells }) =>
      [...cells[3].matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    // All that a trace has is on the page.
    expect(known.filter((name) => !names.includes(name))).toEqual([]);
  });

  describe.each([...new Set(owned.map(({ owner }) => owner))])("of @dnc/%s", (owner) => {
    let exported;
    beforeAll(async () => {
      exported = await import(pathToFileURL(join(member(owner).folder, "dist/index.js")).href);
    });
    const names = owned.filter((each) => each.owner === owner);

    it("names as exported what the built package exports, methods included", () => {
      for (const { name } of names.filter(({ how }) => how === "of")) {
        const [top, method] = name.split(".");
        expect(exported, name).toHaveProperty(top);
        if (method !== undefined) expect(exported[top].prototype, name).toHaveProperty(method);
      }
    });

    it("names as inside what the built package does not export", () => {
      for (const { name, target } of names.filter(({ how }) => how === "inside")) {
        expect(exported, name).not.toHaveProperty(name.split(".")[0]);
        expect(resolve(folder, target).startsWith(join(member(owner).folder, "src")), target).toBe(true);
      }
    });
  });
});
