/** Tests the first release, which fails halfway and is repeated. */
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { git, names, published, release, tags } from "./support.mjs";

const { clone, maintainer, newcomer } = inject("world");
/** Packages that are published before core. */
const before = names.slice(0, names.indexOf("@dnc/core"));
const tagsOf = (list) => list.map((name) => `${name}@1.0.0`).sort();
const versions = Object.fromEntries(names.map((name) => [name, ["1.0.0"]]));

it("only prints what it would do with --dry_run", async () => {
  const { status, output } = await release(newcomer, "--dry_run");
  expect(output).toContain(`To publish: ${names.map((name) => `${name} 1.0.0`).join(", ")}.`);
  expect(status).toBe(0);
  expect(Object.values(await published()).flat()).toEqual([]);
});

it("refuses to publish what is not committed", async () => {
  const file = join(clone, "packages/tasks/src/draft.ts");
  writeFileSync(file, "export const draft = 1;\n");
  const { status, output } = await release(maintainer);
  rmSync(file);
  expect(output).toContain("packages/tasks/src/draft.ts");
  expect(status).toBe(1);
  expect(Object.values(await published()).flat()).toEqual([]);
});

it("stops at the first package that is refused, with its dependencies published", async () => {
  const { status, output } = await release(newcomer);
  expect(output).toContain("npm did not publish @dnc/core@1.0.0");
  expect(output).toContain("E403");
  expect(status).toBe(1);
  const there = Object.entries(await published()).filter(([, list]) => list.length > 0);
  expect(Object.fromEntries(there)).toEqual(Object.fromEntries(before.map((name) => [name, ["1.0.0"]])));
  expect(tags()).toEqual(tagsOf(before));
});

it("continues where it stopped when it is repeated, and each tag names the commit of its package", async () => {
  const first = git("rev-parse", "HEAD").trim();
  appendFileSync(join(clone, "packages/addressing/src/shape.ts"), "// A line after the failure.\n");
  git("commit", "--quiet", "--all", "-m", "A change between failure and repeat");
  const { status, output } = await release(maintainer);
  expect(output).toContain("Published and tagged @dnc/core 1.0.0.");
  expect(output).not.toContain("Published and tagged @dnc/addressing");
  expect(output).toContain(
    "@dnc/addressing has changed since 1.0.0, without a changeset: packages/addressing/src/shape.ts.",
  );
  expect(status).toBe(0);
  expect(await published()).toEqual(versions);
  expect(tags()).toEqual(tagsOf(names));
  const commitOf = (name) => git("rev-list", "-1", `${name}@1.0.0`).trim();
  for (const name of names) expect(commitOf(name) === first, name).toBe(before.includes(name));
  git("revert", "--no-edit", "HEAD");
});

it("has nothing to do after that", async () => {
  const { status, output } = await release(maintainer);
  expect(output.trim()).toBe("The registry has every version.");
  expect(status).toBe(0);
});

it("creates no tag for packages that were released elsewhere", async () => {
  git("tag", "--delete", "@dnc/tasks@1.0.0");
  const { status, output } = await release(maintainer);
  expect(output).toContain("No tag here names @dnc/tasks 1.0.0, which the registry has: git fetch --tags");
  expect(status).toBe(0);
  expect(tags()).not.toContain("@dnc/tasks@1.0.0");
  git("tag", "--annotate", "@dnc/tasks@1.0.0", "-m", "@dnc/tasks@1.0.0", "HEAD~1");
});
