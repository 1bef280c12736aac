import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { saveCheckpoint } from "../../src/node/index.js";

it("a pipe in place of a pointer file does not block: `latest` is replaced, and `best`, which is read, is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dnc-checkpoint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  spawnSync("mkfifo", [join(folder, "latest")]);
  await saveCheckpoint(folder, { model: [], optimizer: [], state: { step: 1, loss: 1 } });
  for (const name of ["latest", "best"]) expect(readFileSync(join(folder, name), "utf8")).toBe("step-00000001\n");
  rmSync(join(folder, "best"));
  spawnSync("mkfifo", [join(folder, "best")]);
  const second = saveCheckpoint(folder, { model: [], optimizer: [], state: { step: 2, loss: 1 } });
  await expect(second).rejects.toThrow("best: expected a file, got a FIFO");
  expect(readFileSync(join(folder, "latest"), "utf8")).toBe("step-00000001\n");
  expect(existsSync(join(folder, "step-00000002"))).toBe(false);
});
