import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Creates a folder that is removed after the test, unless the test fails: then its path is printed. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "dnc-runs-"));
  onTestFinished(({ task }) => {
    if (task.result?.state === "fail") console.error(`kept: ${path}`);
    else rmSync(path, { recursive: true, force: true });
  });
  return path;
}
