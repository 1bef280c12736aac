import { lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { kindOf, systemReason } from "../../src/node/index.js";

it("the reason of a system error has neither call nor path", () => {
  let error: unknown;
  try {
    readdirSync("/nowhere, it's 'said'");
  } catch (thrown) {
    error = thrown;
  }
  expect(systemReason(error as Error)).toBe("ENOENT: no such file or directory");
  expect(systemReason(new Error("no disk"))).toBe("no disk");
});

it("kinds of files are named by status and by entry", () => {
  const folder = mkdtempSync(join(tmpdir(), "dnc-kind-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "a"), "");
  symlinkSync("a", join(folder, "b"));
  expect(kindOf(lstatSync(folder))).toBe("a folder");
  expect(readdirSync(folder, { withFileTypes: true }).map(kindOf)).toEqual(["a file", "a link"]);
});
