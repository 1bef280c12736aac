import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { TRACE_DIMENSIONS } from "@dnc/core";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../pnpm.mjs";
import { member } from "../repository/workspace.mjs";
import { defines } from "./definitions.mjs";
import { EQUATIONS } from "./equation-values.mjs";
import { readLinks, readRows } from "./page.mjs";

const folder = join(root, "docs/guide");
const page = readFileSync(join(folder, "equations.md"), "utf8");

/** Links whose text is a name in backticks; they point to the source that defines it. */
const named = readLinks(page).flatMap(({ text, target, line }) => {
  const [, name] = text.match(/^`([\w.]+)`$/) ?? [];
  return name === undefined ? [] : [{ name, target, line }];
});

/** Parses the text after a link: whether a package exports the name or has it internally. */
const ownedIn = (text) =>
  [...text.matchAll(/\[`([\w.]+)`\]\(([^)]+)\) (of|inside) `@dnc\/([\w-]+)`/g)].map(([, name, target, how, owner]) => ({
    name,
    target,
    how,
    owner,
  }));
const owned = ownedIn(page);

/** Summarizes a row in two lines: the equation, and the functions that compute it with their packages. */
function summaryOf({ cells: [equation, ...cells] }) {
  const links = readLinks(cells.join(" | ")).filter(({ text }) => text.startsWith("`"));
  const names = links.map(
    ({ text, target }) => `${/(?:packages|apps)\/([\w-]+)/.exec(target)[1]}/${text.slice(1, -1)}`,
  );
  const not = cells[1].startsWith("**not computed**") ? ["not computed"] : [];
  return `${equation}\n    ${[...not, ...names].join(", ")}\n`;
}

/** Finds a function of a built package, exported or not. */
async function functionOf({ name, target, how, owner }) {
  const home = member(owner).folder;
  if (how === "of") return (await import(pathToFileURL(join(home, "dist/index.js")).href))[name];
  const built = resolve(folder, target).replace(join(home, "src"), join(home, "dist")).replace(/ts$/, "js");
  return (await import(`${built}?inside=${name}`)).inside;
}

describe("the page of equations", () => {
  it("links each function to the source that defines it", () => {
    expect(named.length).toBeGreaterThan(80);
    for (const { name, target, line } of named) {
      const path = resolve(folder, target);
      expect(existsSync(path), `line ${line}: ${target}`).toBe(true);
      expect(defines(path, name), `line ${line}: ${name} in ${target}`).toBe(true);
    }
  });

  it("names the package of each function in its tables of equations", () => {
    const equations = page.slice(0, page.indexOf("## The same equations written for speed"));
    const links = readLinks(equations).filter(({ text }) => text.startsWith("`"));
    expect(owned.filter(({ name }) => equations.includes(`[\`${name}\`]`)).length).toBe(links.length);
  });

  it("names a function for every equation, or states that it is not computed", () => {
    const rows = readRows(page);
    expect(rows.length).toBeGreaterThan(80);
    for (const { cells, line } of rows) {
      expect(cells, `line ${line}`).toHaveLength(4);
      const named = readLinks(cells.join(" | ")).some(({ text }) => text.startsWith("`"));
      expect(named || cells[2].startsWith("**not computed**"), `line ${line}`).toBe(true);
    }
  });

  // After an intended change: npm test -- --project docs -u
  it("has the rows of equations.txt with the same functions", async () => {
    await expect(readRows(page).map(summaryOf).join("")).toMatchFileSnapshot("equations.txt");
  });

  it("calls quantities by their names in traces and states", () => {
    const known = [...Object.keys(TRACE_DIMENSIONS), "hidden", "cell"];
    const equations = page.slice(0, page.indexOf("## The same equations written for speed"));
    const names = readRows(equations).flatMap(({ cells }) =>
      [...cells[3].matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    // The page lists every quantity of a trace.
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

    it("names as internal what the built package does not export", () => {
      for (const { name, target } of names.filter(({ how }) => how === "inside")) {
        expect(exported, name).not.toHaveProperty(name.split(".")[0]);
        expect(resolve(folder, target).startsWith(join(member(owner).folder, "src")), target).toBe(true);
      }
    });
  });
});

describe.each(Object.entries(EQUATIONS))("the equation %s", (equation, { value, calls }) => {
  const row = readRows(page).find(({ cells }) => cells[0] === equation);
  const functions = ownedIn(row?.cells[2] ?? "");

  it("is on the page, with as many functions as are called here", () => {
    expect(functions).toHaveLength(calls.length);
  });

  it.each(functions.map((each, index) => [each.name, each, calls[index]]))(
    "is what %s computes",
    async (_, each, call) => {
      const found = call(await functionOf(each));
      expect(found.size).toBe(value.length);
      for (const [index, number] of (await found.data()).entries()) expect(number).toBeCloseTo(value[index], 5);
    },
  );
});
