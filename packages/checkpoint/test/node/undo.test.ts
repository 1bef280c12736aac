import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { saveCheckpoint } from "../../src/node/index.js";

it("a pipe in the place of a pointer is replaced, not waited for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dnc-checkpoint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["latest", "best"]) spawnSync("mkfifo", [join(folder, name)]);
  await saveCheckpoint(folder, { model: [], optimizer: [], state: { step: 1, loss: 1 } });
  for (const name of ["latest", "best"]) expect(readFileSync(join(folder, name), "utf8")).toBe("step-00000001\n");
});
