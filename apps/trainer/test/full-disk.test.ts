/** Tests a run on a disk that becomes full; needs the build, and permission to mount a small file system in memory. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCheckpoint } from "@dnc/checkpoint/node";
import { describe, expect, it, onTestFinished } from "vitest";
import { whereRunsPart } from "../../../tools/testing/where-runs-part.mjs";
import { SMALL, temporaryFolder } from "./support.js";

const COMMAND = fileURLToPath(new URL("../bin/dnc.js", import.meta.url));
const FLAGS = Object.entries({ ...SMALL, seed: "5", report_interval: "10", backend: "cpu" }).map(
  ([name, value]) => `--${name}=${value}`,
);

function mount(path: string, size: string): boolean {
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]).status === 0;
}

function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const path = "/mnt";
  if (!existsSync(path) || !mount(path, "64k")) return false;
  spawnSync("umount", [path]);
  return true;
}

function dnc(...args: readonly string[]) {
  return spawnSync(process.execPath, [COMMAND, ...args], { encoding: "utf8" });
}

const mountable = canMount();

describe.skipIf(!mountable)("a full disk (needs root and mount)", () => {
  it("ends the run with a sentence, keeps the last good checkpoint intact, and the run can be resumed in another folder", async () => {
    const folder = temporaryFolder();
    const disk = join(folder, "disk");
    mkdirSync(disk);
    expect(mount(disk, "512k")).toBe(true);
    onTestFinished(({ task }) => {
      // Unmounting removes its files.
      if (task.result?.state === "fail") cpSync(disk, join(folder, "disk-at-the-end"), { recursive: true });
      spawnSync("umount", [disk]);
    });
    const [run, elsewhere, whole] = [join(disk, "run"), join(folder, "elsewhere"), join(folder, "whole")];
    const first = dnc(
      "train",
      ...FLAGS,
      "--num_training_iterations=60",
      "--checkpoint_interval=20",
      `--checkpoint_dir=${run}`,
    );
    expect(first.stderr).toBe("");
    // Space for only a part of the next checkpoint.
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - 3 * bsize)));
    const { status, stderr } = dnc(
      "train",
      `--resume=${run}`,
      "--num_training_iterations=1000",
      "--checkpoint_interval=20",
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^dnc: cannot write .*(no space left on device|ENOSPC)/);
    expect(stderr).toContain("\nlast good checkpoint: ");
    expect(stderr).toContain(`dnc train --resume=${run} --checkpoint_dir=NEW_FOLDER resumes from it in another folder`);
    const damaged: unknown[] = [];
    const good = await findCheckpoint(join(run, "checkpoints"), "latest", {
      onDamaged: (error) => damaged.push(error),
    });
    expect(damaged).toEqual([]);
    expect(good?.step).toBeGreaterThanOrEqual(60);
    expect(
      readdirSync(join(run, "checkpoints")).filter((name) => name.startsWith(".") || name.endsWith(".new")),
    ).toEqual([]);
    // Resumed in another folder, it has the bits of a run without a full disk.
    const end = "--num_training_iterations=100";
    const resumed = dnc("train", `--resume=${run}`, `--checkpoint_dir=${elsewhere}`, end);
    expect(resumed.status, resumed.stderr).toBe(0);
    const straight = dnc("train", ...FLAGS, end, "--checkpoint_interval=20", `--checkpoint_dir=${whole}`);
    expect(straight.status, straight.stderr).toBe(0);
    const different = await whereRunsPart([
      { name: "resumed", folder: elsewhere, output: resumed.stdout },
      { name: "whole", folder: whole, output: straight.stdout },
    ]);
    expect(different, different.join("\n")).toEqual([]);
  });
});
