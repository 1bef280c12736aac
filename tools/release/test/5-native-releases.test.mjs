/** Tests later releases of the native engine: what is released together, and what is refused. No binary is compiled here. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { PINNED_VERSION } from "../../native-engine/compiler.mjs";
import { TARGETS } from "../../native-engine/targets.mjs";
import { run } from "../../process.mjs";
import { outside } from "../project.mjs";
import { git, published, release } from "./support.mjs";

const { place, clone, kernels, maintainer } = inject("world");
const ADDON = "packages/engine-native/addon/addon.c";
const platforms = Object.keys(TARGETS).map((target) => `@dnc/engine-native-${target}`);

it("a change in the kernel releases both engines that compile it, the native one with its platforms in one version", async () => {
  writeFileSync(join(clone, ".changeset/a-change.md"), '---\n"@dnc/kernel": patch\n---\n\nA faster loop.\n');
  const { status, output } = await release(maintainer, "--dry_run");
  expect(status, output).toBe(0);
  const [, list] = /^New versions: (.*)\.$/m.exec(output);
  const versions = list.split(", ");
  const inOneVersion = ["@dnc/engine-native", ...platforms].map((name) => `${name} 1.0.1`);
  expect(versions).toEqual(expect.arrayContaining(["@dnc/kernel 1.0.1", ...inOneVersion]));
  expect(versions.filter((each) => each.startsWith("@dnc/engine-wasm"))).toHaveLength(1);
  expect(versions).toHaveLength(platforms.length + 3);
  expect(output).not.toContain("It would not begin");
});

it("nothing begins where another part of the version was built from other sources, or binaries cannot be built", async () => {
  git("tag", "--annotate", "@dnc/engine-native-linux-x64@1.0.1", "-m", "Released before the change that follows");
  appendFileSync(join(clone, ADDON), "/* Another source. */\n");
  git("commit", "--quiet", "--all", "-m", "A change in the addon");
  const isOld = `@dnc/engine-native-linux-x64 1.0.1 is released, and the native engine would be built from other sources: ${ADDON} changed since; a changeset for @dnc/engine-native gives all of them a new version`;
  const targets = Object.keys(TARGETS).join(", ");
  const noCompiler = `found no ${PINNED_VERSION}, and no Python with pip to get zig (${PINNED_VERSION} builds the native engine for ${targets}; Python 3 with pip brings it)`;
  const planned = await withoutCompiler("--dry_run");
  for (const reason of [isOld, noCompiler]) expect(planned.output).toContain(`It would not begin: ${reason}\n`);

  const [before, head] = [await published(), git("rev-parse", "HEAD")];
  for (const reason of [isOld, noCompiler]) {
    const { status, output } = await withoutCompiler();
    expect(output).toContain(`\nrelease: ${reason}\n`);
    expect(status).toBe(1);
    expect([await published(), git("rev-parse", "HEAD")]).toEqual([before, head]);
    expect(git("status", "--porcelain")).toBe("?? .changeset/a-change.md\n");
    if (reason === isOld) git("tag", "--delete", "@dnc/engine-native-linux-x64@1.0.1");
  }
  git("reset", "--quiet", "--hard", "HEAD~1");
  rmSync(join(clone, ".changeset/a-change.md"));
});

/** Makes a release where there is Node.js, npm and git, and neither zig nor Python. */
function withoutCompiler(...flags) {
  const programs = join(place, "programs");
  mkdirSync(programs, { recursive: true });
  for (const name of ["npm", "git"]) {
    rmSync(join(programs, name), { force: true });
    symlinkSync(execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), join(programs, name));
  }
  rmSync(join(programs, "node"), { force: true });
  symlinkSync(process.execPath, join(programs, "node"));
  const env = { ...outside(maintainer), PATH: programs, DNC_KERNELS: kernels };
  return run([process.execPath, "tools/release.mjs", ...flags], { cwd: clone, env });
}
