/** A run on a disk that fills up; needs the build, and the right to mount a small file system in memory. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCheckpoint } from "@dnc/checkpoint/node";
import { describe, expect, it, onTestFinished } from "vitest";
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
  it("ends the run with a sentence, leaves the last good checkpoint whole, and the run can go on elsewhere", async () => {
    const folder = temporaryFolder();
    const disk = join(folder, "disk");
    mkdirSync(disk);
    expect(mount(disk, "512k")).toBe(true);
    onTestFinished(() => {
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
    // Room for some of the next checkpoint, not for all of it.
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
    expect(stderr).toContain(`dnc train --resume=${run} --checkpoint_dir=NEW_FOLDER goes on from it elsewhere`);
    const damaged: unknown[] = [];
    const good = await findCheckpoint(join(run, "checkpoints"), "latest", {
      onDamaged: (error) => damaged.push(error),
    });
    expect(damaged).toEqual([]);
    expect(good?.step).toBeGreaterThanOrEqual(60);
    expect(
      readdirSync(join(run, "checkpoints")).filter((name) => name.startsWith(".") || name.endsWith(".new")),
    ).toEqual([]);
    // It goes on elsewhere to the bits of a run that never met a full disk.
    const end = "--num_training_iterations=100";
    expect(dnc("train", `--resume=${run}`, `--checkpoint_dir=${elsewhere}`, end).status).toBe(0);
    expect(dnc("train", ...FLAGS, end, `--checkpoint_dir=${whole}`).status).toBe(0);
    // Where they part, if they do: the instructions, or the first report that differs.
    const instructions = (path: string) =>
      /"instruction_set": "[\w-]+"/.exec(readFileSync(join(path, "checkpoints/step-00000100/state.json"), "utf8"))?.[0];
    expect(instructions(elsewhere)).toBe(instructions(whole));
    const losses = (path: string) =>
      readFileSync(join(path, "metrics.jsonl"), "utf8").match(/"step":\d+|"loss":[\d.]+/g);
    expect(losses(elsewhere)).toEqual(losses(whole));
    const model = (path: string) => readFileSync(join(path, "checkpoints/step-00000100/model.safetensors"));
    expect(model(elsewhere).equals(model(whole))).toBe(true);
  }, 60_000);
});
