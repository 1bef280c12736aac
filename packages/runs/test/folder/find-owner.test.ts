import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findOwner } from "../../src/folder/find-owner.js";
import { temporaryFolder } from "../support.js";

it("a file belongs to the run that contains it, also through links, and to no other", () => {
  const folder = temporaryFolder();
  const run = join(folder, "run");
  for (const name of ["checkpoints/step-00000002", "samples"]) mkdirSync(join(run, name), { recursive: true });
  for (const name of ["config.json", "events.out.tfevents.1.1.dnc"]) writeFileSync(join(run, name), name);
  symlinkSync(run, join(folder, "link"));
  linkSync(join(run, "config.json"), join(folder, "hard"));
  for (const name of [
    "config.json",
    "lock",
    "checkpoints/new/file",
    "samples/step-1.txt",
    "events.out.tfevents.1.1.dnc",
  ])
    for (const place of ["run", "link"]) expect(findOwner(join(folder, place, name), "none"), name).toBe(run);
  for (const name of ["run/report.html", "hard", "link/report.html", "other"])
    expect(findOwner(join(folder, name), "none"), name).toBeUndefined();
  // The given run owns its files, even if they are linked elsewhere.
  expect(findOwner(join(folder, "hard"), run)).toBe(run);
  expect(findOwner(join(folder, "empty/config.json"), join(folder, "empty"))).toBe(join(folder, "empty"));
});
