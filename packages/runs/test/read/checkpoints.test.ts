import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCheckpoints } from "../../src/read/checkpoints.js";
import { readSamples } from "../../src/read/samples.js";
import { temporaryFolder } from "../support.js";

describe("what a report reads of a run's folders", () => {
  it("is nothing where they are not there, and what is no checkpoint is none", async () => {
    const run = temporaryFolder();
    expect([await readCheckpoints(run), await readSamples(run)]).toEqual([[], []]);
    mkdirSync(join(run, "checkpoints", "step-00000002"), { recursive: true });
    writeFileSync(join(run, "checkpoints", "step-00000004"), "");
    expect(await readCheckpoints(run)).toEqual([]);
  });

  it("is an error where the file system does not give it out", async () => {
    const run = temporaryFolder();
    for (const name of ["checkpoints", "samples"]) symlinkSync(join(run, name), join(run, name));
    await expect(readCheckpoints(run)).rejects.toThrow("ELOOP");
    await expect(readSamples(run)).rejects.toThrow("ELOOP");
  });
});
