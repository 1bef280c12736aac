import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCheckpoints } from "../../src/read/checkpoints.js";
import { readSamples } from "../../src/read/samples.js";
import { temporaryFolder } from "../support.js";

describe("the data that a report reads from a run's folders", () => {
  it("are empty if the folders are missing, and exclude everything that is not a checkpoint", async () => {
    const run = temporaryFolder();
    expect([await readCheckpoints(run), await readSamples(run)]).toEqual([[], []]);
    mkdirSync(join(run, "checkpoints", "step-00000002"), { recursive: true });
    writeFileSync(join(run, "checkpoints", "step-00000004"), "");
    expect(await readCheckpoints(run)).toEqual([]);
  });

  it("are an error if the file system denies access", async () => {
    const run = temporaryFolder();
    for (const name of ["checkpoints", "samples"]) symlinkSync(join(run, name), join(run, name));
    await expect(readCheckpoints(run)).rejects.toThrow("ELOOP");
    await expect(readSamples(run)).rejects.toThrow("ELOOP");
  });
});
