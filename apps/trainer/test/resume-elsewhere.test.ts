/** Resuming in another folder copies the run and changes nothing in it. */
import { spawnSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, realpathSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { configureEngine } from "@dnc/engine-wasm";
import { afterEach, describe, expect, it } from "vitest";
import { isUsageError } from "../src/usage-error.js";
import { savedRun } from "./commands/saved-run.js";
import { resume } from "./resume.js";
import { snapshot } from "./snapshot.js";
import { temporaryFolder } from "./support.js";

afterEach(() => configureEngine({}));

const mkfifo = (path: string) => spawnSync("mkfifo", [path]);

describe("a run that goes on elsewhere", () => {
  it("shares nothing with the one it came from, whatever is a link there", async () => {
    const run = await savedRun();
    const far = temporaryFolder();
    for (const name of ["checkpoints", "metrics.jsonl", "samples"]) {
      renameSync(join(run, name), join(far, name));
      symlinkSync(join(far, name), join(run, name));
    }
    renameSync(join(far, "samples/step-00000001.txt"), join(far, "one.txt"));
    symlinkSync("../one.txt", join(far, "samples/step-00000001.txt"));
    const before = [snapshot(run), snapshot(far)];
    const to = join(temporaryFolder(), "to");
    await resume(run, { checkpoint_dir: to });
    expect([snapshot(run), snapshot(far)]).toEqual(before);
    const inodes = new Set([...Object.keys(before[0]), ...Object.keys(before[1])].map((path) => lstatSync(path).ino));
    for (const path of Object.keys(snapshot(to))) {
      expect(lstatSync(path).isSymbolicLink(), path).toBe(false);
      expect(inodes.has(lstatSync(path).ino), path).toBe(false);
    }
    expect(readFileSync(join(to, "samples/step-00000001.txt"))).toEqual(readFileSync(join(far, "one.txt")));
  });

  it("is refused inside of the run, under any name", async () => {
    const run = await savedRun();
    const other = temporaryFolder();
    symlinkSync(run, join(other, "link"));
    symlinkSync(join(run, "checkpoints"), join(other, "checkpoints"));
    const before = snapshot(run);
    const inside = [
      join(run, "new"),
      join(run, "checkpoints/new"),
      join(other, "link/a/b"),
      join(other, "checkpoints/new"),
    ];
    for (const to of [...inside, join(other, "link"), join(realpathSync(run), "..", "run", "x")])
      await expect(resume(run, { checkpoint_dir: to }), to).rejects.toThrow(
        /^--checkpoint_dir: expected a (new )?folder/,
      );
    expect(snapshot(run)).toEqual(before);
  });

  it.each<[string, (run: string) => void, string]>([
    ["a FIFO", (run) => mkfifo(join(run, "samples/pipe")), "samples/pipe"],
    ["a FIFO beside the run's files", (run) => mkfifo(join(run, "pipe")), "pipe"],
    ["a device behind a link", (run) => symlinkSync("/dev/zero", join(run, "checkpoints/zero")), "checkpoints/zero"],
    ["a folder that holds itself", (run) => symlinkSync("..", join(run, "samples/up")), "samples/up"],
  ])("is refused where the run has %s, and nothing remains", async (_, make, name) => {
    const run = await savedRun();
    make(run);
    const before = snapshot(run);
    const to = join(temporaryFolder(), "a/to");
    const error = await resume(run, { checkpoint_dir: to }).catch((thrown) => thrown);
    expect(error).toSatisfy(isUsageError);
    expect(error.message).toContain(name);
    expect(snapshot(run)).toEqual(before);
    expect(readdirSync(join(to, "../.."))).toEqual([]);
  });
});
