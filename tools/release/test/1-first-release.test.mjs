/** The first release, which fails halfway and is repeated. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { names, published, release, tags } from "./support.mjs";

const { clone, maintainer, newcomer } = inject("world");
const versions = Object.fromEntries(names.map((name) => [name, ["1.0.0"]]));

it("only says what it would do with --dry_run", async () => {
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

it("ends at the first package that is refused, with everything published that this one needs", async () => {
  const { status, output } = await release(newcomer);
  expect(output).toContain("npm did not publish @dnc/core@1.0.0");
  expect(status).toBe(1);
  const before = names.slice(0, names.indexOf("@dnc/core"));
  expect(before).toEqual(expect.arrayContaining(["@dnc/access", "@dnc/addressing", "@dnc/controller"]));
  const there = Object.entries(await published()).filter(([, list]) => list.length > 0);
  expect(Object.fromEntries(there)).toEqual(Object.fromEntries(before.map((name) => [name, ["1.0.0"]])));
  expect(tags()).toEqual([]);
});

it("goes on where it stood when it is repeated, and tags every version", async () => {
  const { status, output } = await release(maintainer);
  expect(output).toContain("Published @dnc/core 1.0.0.");
  expect(output).not.toContain("Published @dnc/addressing");
  expect(status).toBe(0);
  expect(await published()).toEqual(versions);
  expect(tags()).toEqual(names.map((name) => `${name}@1.0.0`).sort());
});

it("has nothing to do after that", async () => {
  const { status, output } = await release(maintainer);
  expect(output.trim()).toBe("The registry has every version.");
  expect(status).toBe(0);
});
