/** Tests the tarballs in the registry. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { BUDGETS, WHOLE_ADDRESSING } from "../budgets.mjs";
import { bundle } from "../bundle.mjs";
import { publicPackages, releasedPackages } from "../packages.mjs";
import { emptyProject, install, outside } from "../project.mjs";
import { problemsOf, unpack } from "../tarball.mjs";
import { onRegistry } from "./support.mjs";

const { place, clone, maintainer } = inject("world");
/** Modules left out of a page's build: TensorFlow.js and Node's own. */
const external = [/^@tensorflow\//, /^node:/];

/** The paths that npm would pack, by package: one process of npm for all, each of which takes a second to start. */
const packedByNpm = {};
beforeAll(() => {
  const folders = releasedPackages().map(({ folder }) => `./${folder}`);
  const said = execFileSync("npm", ["pack", "--dry-run", "--json", ...folders], {
    cwd: clone,
    env: outside(maintainer),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  for (const { name, files } of JSON.parse(said)) packedByNpm[name] = files.map(({ path }) => `package/${path}`);
});

describe.each(releasedPackages())("the tarball of $name", ({ name }) => {
  it("contains what a user needs, in order, and the same files as npm would pack", async () => {
    const { versions } = await onRegistry(name);
    const { tarball } = versions["1.0.0"].dist;
    const inside = mkdtempSync(join(place, "tarball-"));
    const file = join(inside, basename(tarball));
    writeFileSync(file, Buffer.from(await (await fetch(tarball)).arrayBuffer()));
    expect(problemsOf(unpack(file, inside))).toEqual([]);
    const listed = execFileSync("tar", ["-tzf", file], { encoding: "utf8" }).trim().split("\n");
    expect(packedByNpm[name].sort()).toEqual(listed.sort());
  });
});

describe("a page", () => {
  const project = emptyProject(join(place, "page"));
  const libraries = publicPackages().filter(({ manifest }) => !manifest.bin); // no programs for Node
  /** The values that each entry point exports, by its name. */
  const entries = libraries.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports)
      .filter((path) => !path.endsWith(".json"))
      .map((path) => name + path.slice(1)),
  );

  /** The names that each entry point exports. */
  const exported = {};

  it("can have all packages", async () => {
    const others = ["@tensorflow/tfjs", "@tensorflow/tfjs-layers", "@tensorflow/tfjs-backend-webgpu"];
    await install("npm", [...libraries.map(({ name }) => name), ...others], project, {
      userconfig: maintainer,
      caches: join(place, "caches"),
    });
    expect(Object.keys(BUDGETS).sort()).toEqual([...entries].sort());
    const script = `for (const entry of ${JSON.stringify(entries)}) exported[entry] = Object.keys(await import(entry));`;
    const print = "console.log(JSON.stringify(exported));";
    const said = execFileSync(
      process.execPath,
      ["--input-type=module", "-e", `const exported = {}; ${script} ${print}`],
      {
        cwd: project,
        encoding: "utf8",
      },
    );
    Object.assign(exported, JSON.parse(said));
  });

  it.each(entries)("that imports one thing of %s stays within the budget", async (entry) => {
    const sizes = {};
    for (const name of exported[entry]) {
      const code = `import { ${name} } from ${JSON.stringify(entry)}; globalThis.used = ${name};`;
      sizes[name] = (await bundle(code, project, { external })).compressed;
    }
    const [heaviest, size] = Object.entries(sizes).reduce((a, b) => (b[1] > a[1] ? b : a));
    console.log(`${entry}: at most ${size} bytes (${heaviest}), budget ${BUDGETS[entry]}`);
    expect(size, heaviest).toBeLessThanOrEqual(BUDGETS[entry]);
    expect(size, "the budget is far above what is needed").toBeGreaterThan(0.6 * BUDGETS[entry]);
  });

  it("that imports all of addressing stays below 6 KB", async () => {
    const code = `import * as all from "@dnc/addressing"; globalThis.used = all;`;
    const { compressed } = await bundle(code, project, { external });
    console.log(`all of @dnc/addressing: ${compressed} bytes`);
    expect(compressed).toBeLessThan(WHOLE_ADDRESSING);
  });

  it.each(entries)("that only names %s gets nothing, unless importing it does something", async (entry) => {
    // Whatever the manifest says: what has side effects stays, also those on a module's own classes, which nobody else sees.
    const inTruth = await bundle(`import ${JSON.stringify(entry)};`, project, { external, keepImports: true });
    const asDeclared = await bundle(`import ${JSON.stringify(entry)};`, project, { external });
    const acts = /^@dnc\/(engine-\w+|core\/layers)$/.test(entry);
    for (const { code } of [inTruth, asDeclared]) expect(/registerKernel|registerClass/.test(code)).toBe(acts);
    if (!acts) expect(asDeclared.code.trim()).toBe("");
  });
});
