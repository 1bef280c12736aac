/** Tests releases after the first: which packages are released together. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { emptyProject, install, installedPackages } from "../project.mjs";
import { git, names, onRegistry, published, release, tags } from "./support.mjs";

const { place, clone, maintainer } = inject("world");
const settings = { userconfig: maintainer, caches: join(place, "caches-of-next-releases") };

/** Writes a changeset, like `npm run changeset`, and releases. */
async function releaseWith(bumps, summary, ...flags) {
  const lines = Object.entries(bumps).map(([name, bump]) => `"${name}": ${bump}`);
  writeFileSync(join(clone, ".changeset/a-change.md"), `---\n${lines.join("\n")}\n---\n\n${summary}\n`);
  return release(maintainer, ...flags);
}

/** Lists the versions that were added to the registry, by package. */
function added(before, after) {
  const pairs = names.map((name) => [name, after[name].filter((version) => !before[name].includes(version))]);
  return Object.fromEntries(pairs.filter(([, versions]) => versions.length > 0));
}

it("a change in tasks alone publishes tasks alone", async () => {
  const file = join(clone, "packages/tasks/src/algorithmic/copy.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace('name: "copy"', 'name: "copied"'));
  git("commit", "--quiet", "--all", "-m", "Another name for copy");
  const forgotten = await release(maintainer);
  expect(forgotten.output).toContain(
    "@dnc/tasks has changed since 1.0.0, without a changeset: packages/tasks/src/algorithmic/copy.ts.",
  );

  const before = await published();
  const plan = await releaseWith({ "@dnc/tasks": "minor" }, "Copy is called copied.", "--dry_run");
  expect(plan.output.trim().split("\n")).toEqual(["New versions: @dnc/tasks 1.1.0.", "To publish: @dnc/tasks 1.1.0."]);
  expect(git("status", "--porcelain")).toBe("?? .changeset/a-change.md\n");
  const { status, output } = await releaseWith({ "@dnc/tasks": "minor" }, "Copy is called copied.");
  expect(status, output).toBe(0);
  expect(output).toContain("New versions: @dnc/tasks 1.1.0.");
  expect(added(before, await published())).toEqual({ "@dnc/tasks": ["1.1.0"] });
  expect(tags().filter((tag) => !tag.endsWith("@1.0.0"))).toEqual(["@dnc/tasks@1.1.0"]);
  expect(git("status", "--porcelain")).toBe("");
  expect(git("log", "-1", "--format=%s").trim()).toBe("Release @dnc/tasks 1.1.0");
  const changed = git("show", "--name-only", "--format=", "HEAD").trim().split("\n");
  expect(changed).toEqual([".changeset/a-change.md", "packages/tasks/CHANGELOG.md", "packages/tasks/package.json"]);
});

it("dependants of tasks are unchanged, and get the new version in new installations", async () => {
  const project = emptyProject(join(place, "after-tasks"));
  await install("pnpm", ["@dnc/trainer"], project, settings);
  const installed = installedPackages("pnpm", project);
  expect(installed["@dnc/trainer"][0].version).toBe("1.0.0");
  expect(installed["@dnc/tasks"][0].version).toBe("1.1.0");
  const store = join(project, "node_modules/.pnpm/node_modules");
  expect(readFileSync(join(store, "@dnc/tasks/dist/algorithmic/copy.js"), "utf8")).toContain('name: "copied"');
});

it("an outdated clone releases nothing under an existing version", async () => {
  git("branch", "ahead");
  git("reset", "--quiet", "--hard", "HEAD~2");
  const { status, output } = await releaseWith({ "@dnc/tasks": "minor" }, "Something else.");
  expect(output).toContain("the registry has @dnc/tasks 1.1.0 already");
  expect(status).toBe(1);
  expect(git("status", "--porcelain")).toBe("?? .changeset/a-change.md\n");
  git("reset", "--quiet", "--hard", "ahead");
});

it("a release that could not commit changes nothing, and can be repeated", async () => {
  const hook = join(clone, ".git/hooks/commit-msg");
  writeFileSync(hook, "#!/bin/sh\n! grep -q ^Release $1\n", { mode: 0o755 });
  const failed = await releaseWith({ "@dnc/engine-wasm": "patch" }, "Nothing but a number.");
  expect(failed.output).toContain("git commit failed");
  expect(failed.status).toBe(1);
  expect(git("status", "--porcelain")).toBe("");
  expect(readFileSync(join(clone, ".changeset/a-change.md"), "utf8")).toContain("Nothing but a number.");
  rmSync(hook);

  const before = await published();
  writeFileSync(join(clone, "notes.txt"), "Staged by somebody, for something else.\n");
  git("add", "notes.txt");
  const { status, output } = await release(maintainer);
  expect(status, output).toBe(0);
  expect(added(before, await published())).toEqual({ "@dnc/engine-wasm": ["1.0.1"] });
  expect(git("status", "--porcelain")).toBe("A  notes.txt\n");
  git("rm", "--quiet", "--force", "notes.txt");
});

it("a compatible change in addressing releases no dependants", async () => {
  const before = await published();
  const { status, output } = await releaseWith({ "@dnc/addressing": "patch" }, "A smaller error.");
  expect(status, output).toBe(0);
  expect(added(before, await published())).toEqual({ "@dnc/addressing": ["1.0.1"] });
});

it("a breaking change in addressing releases the dependants whose range it leaves, and nothing else", async () => {
  const before = await published();
  const { status, output } = await releaseWith({ "@dnc/addressing": "major" }, "Another order of arguments.");
  expect(status, output).toBe(0);
  const dependants = ["@dnc/access", "@dnc/controller", "@dnc/core"];
  const moved = { "@dnc/addressing": ["2.0.0"], ...Object.fromEntries(dependants.map((name) => [name, ["1.0.1"]])) };
  expect(added(before, await published())).toEqual(moved);
  for (const name of dependants) {
    const { versions } = await onRegistry(name);
    expect(versions["1.0.0"].dependencies["@dnc/addressing"]).toBe("^1.0.0");
    expect(versions["1.0.1"].dependencies["@dnc/addressing"]).toBe("^2.0.0");
  }
  const project = emptyProject(join(place, "after-addressing"));
  await install("pnpm", ["@dnc/core"], project, settings);
  const installed = installedPackages("pnpm", project);
  const ours = Object.entries(installed).filter(([name]) => name.startsWith("@dnc/"));
  expect(Object.fromEntries(ours.map(([name, [{ version }]]) => [name, version]))).toEqual({
    "@dnc/access": "1.0.1",
    "@dnc/addressing": "2.0.0",
    "@dnc/controller": "1.0.1",
    "@dnc/core": "1.0.1",
  });
});

it("a package with a problem is not published, nor any other of that release", async () => {
  const readme = join(clone, "packages/controller/README.md");
  const text = readFileSync(readme, "utf8");
  writeFileSync(readme, text.replace("# @dnc/controller", "# Something else"));
  git("commit", "--quiet", "--all", "-m", "A wrong title");
  const before = await published();
  const bumps = { "@dnc/checkpoint": "patch", "@dnc/controller": "patch" };
  const { status, output } = await releaseWith(bumps, "Two at once.");
  expect(status).toBe(1);
  expect(output).toContain("README.md does not begin with @dnc/controller");
  expect(added(before, await published())).toEqual({});

  writeFileSync(readme, text);
  git("commit", "--quiet", "--all", "-m", "The right title");
  expect((await release(maintainer)).status).toBe(0);
  expect(added(before, await published())).toEqual({ "@dnc/checkpoint": ["1.0.1"], "@dnc/controller": ["1.0.2"] });
});
