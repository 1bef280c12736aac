import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new folder that goes away with the test, unless the test fails: then it says where the folder is. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "dnc-runs-"));
  onTestFinished(({ task }) => {
    if (task.result?.state === "fail") console.error(`kept: ${path}`);
    else rmSync(path, { recursive: true, force: true });
  });
  return path;
}
