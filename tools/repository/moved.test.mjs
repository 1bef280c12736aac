/** Tests that a clone can be copied, moved and made read-only after its set-up. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUPS, toolManifests } from "../dependencies.mjs";
import { pnpmVersion, root } from "../pnpm.mjs";
import { memberFolders } from "../release/packages.mjs";

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
/** If this process is root, another user runs the copy, which links to the dependencies of this clone. */
const isReadable =
  !isRoot || spawnSync("test", ["-r", join(root, "package.json")], { uid: NOBODY, gid: NOBODY }).status === 0;

/**
 * Copies everything that the set-up checks, with links to the dependencies of this clone; removed at the end of the
 * tests.
 */
function copyOfClone() {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "dnc-moved-"));
  const tools = [
    "dependencies",
    "dnc",
    "lock",
    "native-engine/can-build",
    "native-engine/targets",
    "node-version",
    "pnpm",
    "process",
    "program",
    "setup",
    "release/packages",
  ];
  const parts = ["package.json", "tsconfig.json", "src", "dist", "source", "build-kernel.mjs", "build-plan.mjs"];
  const files = [
    ...["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", "tsconfig.base.json"],
    ...tools.map((name) => `tools/${name}.mjs`),
    ...toolManifests().map((file) => relative(root, file)),
    ...memberFolders().flatMap((member) => parts.map((name) => join(member, name))),
  ];
  for (const file of files.filter((name) => existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    spawnSync("cp", ["-R", join(root, file), join(folder, file)]);
  }
  for (const member of [".", ...memberFolders()].filter((name) => existsSync(join(root, name, "node_modules"))))
    symlinkSync(join(root, member, "node_modules"), join(folder, member, "node_modules"));
  const pnpm = join(folder, `.tools/pnpm-${pnpmVersion}/node_modules/pnpm/bin/pnpm.cjs`);
  mkdirSync(dirname(pnpm), { recursive: true });
  writeFileSync(pnpm, "");
  return folder;
}

function node(folder, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: tmpdir(), ...options });
  return { status, stdout, stderr, folder };
}

function stampsOf(folder) {
  const script = `import("${folder}/tools/setup.mjs").then(({ stampsNow }) => console.log(JSON.stringify(stampsNow())))`;
  return node(folder, ["-e", script]).stdout;
}

/** Makes a clone read-only and runs the trainer there, as another user if this process is root. */
function readOnly(folder) {
  spawnSync("chmod", ["-R", "a-w,a+rX", folder]);
  chmodSync(folder, 0o555);
  return node(folder, [join(folder, "tools/dnc.mjs"), "--version"], isRoot ? { uid: NOBODY, gid: NOBODY } : {});
}

describe("a clone", () => {
  let folder;
  let stamps;

  beforeAll(() => {
    folder = copyOfClone();
    stamps = stampsOf(folder);
    writeFileSync(join(folder, ".tools/stamps.json"), stamps);
  });

  afterAll(() => {
    spawnSync("chmod", ["-R", "u+w", folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it("that was moved has the same stamps", () => {
    const moved = `${folder}-elsewhere`;
    renameSync(folder, moved);
    folder = moved;
    const dependencies = Object.fromEntries(GROUPS.map((group) => [group, expect.any(String)]));
    expect(JSON.parse(stamps)).toEqual({ dependencies, build: expect.any(String) });
    expect(stampsOf(folder)).toBe(stamps);
  });

  it.skipIf(!isReadable)("that is set up runs if it is read-only (needs a clone that every user can read)", () => {
    const { status, stdout, stderr } = readOnly(folder);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.skipIf(!isReadable)(
    "that must be set up, because a source has changed, and is read-only, reports it (needs a clone that every user can read)",
    () => {
      spawnSync("chmod", ["-R", "u+w", folder]);
      appendFileSync(join(folder, "packages/core/src/index.ts"), "\n");
      const { status, stderr } = readOnly(folder);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^This clone has to be set up \(build\), but it cannot be written: EACCES: .*\nRun `npm run build` in it/,
      );
    },
  );
});
