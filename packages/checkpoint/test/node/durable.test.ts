import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeFileAtomic, writeFileExclusive } from "../../src/node/index.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dnc-durable-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("writeFileExclusive does not replace an existing file", async () => {
  const path = join(folder, "a");
  await writeFileExclusive(path, "one");
  await expect(writeFileExclusive(path, "two")).rejects.toMatchObject({ code: "EEXIST" });
  expect(readFileSync(path, "utf8")).toBe("one");
});

it("writeFileAtomic replaces the file and nothing else in the folder", async () => {
  const path = join(folder, "a");
  writeFileSync(`${path}.new`, "someone's");
  await writeFileAtomic(path, "one");
  await writeFileAtomic(path, Uint8Array.of(0x32));
  expect(readFileSync(path, "utf8")).toBe("2");
  expect(readdirSync(folder)).toEqual(["a", "a.new"]);
  expect(readFileSync(`${path}.new`, "utf8")).toBe("someone's");
});

it("writeFileAtomic keeps the mode of the old file; a new one follows the umask", async () => {
  const path = join(folder, "a");
  const umask = process.umask(0o027);
  try {
    await writeFileAtomic(path, "one");
  } finally {
    process.umask(umask);
  }
  expect(statSync(path).mode & 0o777).toBe(0o640);
  chmodSync(path, 0o604);
  await writeFileAtomic(path, "two");
  expect(statSync(path).mode & 0o777).toBe(0o604);
});

it.skipIf(process.getuid?.() !== 0)("writeFileAtomic keeps the owner of the old file (needs root)", async () => {
  const path = join(folder, "a");
  writeFileSync(path, "one");
  chownSync(path, 1234, 2345);
  await writeFileAtomic(path, "two");
  expect(statSync(path)).toMatchObject({ uid: 1234, gid: 2345 });
});

it("writeFileAtomic follows links, also to files that do not exist yet", async () => {
  mkdirSync(join(folder, "far"));
  const [link, second] = [join(folder, "link"), join(folder, "second")];
  symlinkSync("far/file", link);
  symlinkSync("link", second);
  await writeFileAtomic(second, "one");
  await writeFileAtomic(link, "two");
  expect(readFileSync(join(folder, "far/file"), "utf8")).toBe("two");
  expect([readlinkSync(link), readlinkSync(second)]).toEqual(["far/file", "link"]);
  expect(readdirSync(join(folder, "far"))).toEqual(["file"]);
});

it("writeFileAtomic replaces nothing but files", async () => {
  const path = join(folder, "a");
  mkdirSync(path);
  await expect(writeFileAtomic(path, "")).rejects.toThrow(new TypeError(`${path}: expected a file, got a folder`));
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  await expect(writeFileAtomic(pipe, "")).rejects.toThrow(new TypeError(`${pipe}: expected a file, got a FIFO`));
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  await expect(writeFileAtomic(loop, "")).rejects.toMatchObject({ code: "ELOOP" });
  expect(readdirSync(folder)).toEqual(["a", "loop", "pipe"]);
});
