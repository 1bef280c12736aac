import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { replaceFile, writeNew } from "../../src/node/index.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-durable-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("writeNew writes no file that is there", async () => {
  const path = join(folder, "a");
  await writeNew(path, "one");
  await expect(writeNew(path, "two")).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(path, "utf8")).toBe("one");
});

it("replaceFile takes the place of a file, and of what a killed process left beside it", async () => {
  const path = join(folder, "a");
  writeFileSync(`${path}.new`, "half");
  await replaceFile(path, "one");
  await replaceFile(path, Uint8Array.of(0x32));
  expect(readFileSync(path, "utf8")).toBe("2");
  expect(readdirSync(folder)).toEqual(["a"]);
});
