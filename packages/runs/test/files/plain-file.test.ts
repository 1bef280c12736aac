import { spawnSync } from "node:child_process";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkPlainFileIfPresent, readPlainFile, readPlainFileIfPresent } from "../../src/files/plain-file.js";
import { RunFolderError } from "../../src/run-folder-error.js";
import { temporaryFolder } from "../support.js";

/** Creates a file of each kind that cannot be read, with the name of its kind. */
async function otherKinds(): Promise<[path: string, kind: string][]> {
  const folder = temporaryFolder();
  const [fifo, socket, link] = ["fifo", "socket", "link"].map((name) => join(folder, name));
  spawnSync("mkfifo", [fifo]);
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  symlinkSync(fifo, link);
  return [
    [folder, "a folder"],
    [fifo, "a FIFO"],
    [link, "a FIFO"],
    [socket, "a socket"],
    ["/dev/null", "a device"],
  ];
}

function file(bytes: string | Uint8Array): string {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, bytes);
  return path;
}

describe("a file that is read", () => {
  it("is read as text, also through a link, without a byte-order mark", () => {
    const path = file("\ufefftext\n\ufeff");
    const link = join(temporaryFolder(), "link");
    symlinkSync(path, link);
    expect(readPlainFile(path)).toBe("text\n\ufeff");
    expect(readPlainFile(link, { strict: true })).toBe("text\n\ufeff");
    expect(readPlainFile(file(""))).toBe("");
    expect(readPlainFile(file(new Uint8Array(200_000).fill(65)))).toHaveLength(200_000);
  });

  it("must be a plain file, so that reading never blocks", async () => {
    for (const [path, kind] of await otherKinds()) {
      const message = `${path}: expected a plain file, got ${kind}`;
      for (const read of [readPlainFile, readPlainFileIfPresent, checkPlainFileIfPresent])
        expect(() => read(path)).toThrow(new RunFolderError(message));
      expect(() => readPlainFile(path, { label: "--config" })).toThrow(
        `--config: expected a plain file, got ${kind} (${path})`,
      );
    }
  });

  it("must not exceed the maximum length", () => {
    const path = file("12345");
    expect(readPlainFile(path, { most: 5 })).toBe("12345");
    expect(() => readPlainFile(path, { most: 4 })).toThrow(`${path}: expected at most 4 bytes, got 5`);
    truncateSync(path, 3e9);
    expect(() => readPlainFile(path)).toThrow(`${path}: expected at most 268435456 bytes, got 3000000000`);
  });

  it("must be UTF-8; UTF-16 is reported, with and without a byte-order mark", () => {
    const text = '{"seed":3}';
    const little = Buffer.from(text, "utf16le");
    const big = Buffer.from(little).swap16();
    for (const bytes of [
      little,
      big,
      Buffer.from(`\ufeff${text}`, "utf16le"),
      Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
    ])
      expect(() => readPlainFile(file(bytes))).toThrow(/: expected UTF-8, got UTF-16$/);
    expect(() => readPlainFile(file(Buffer.from([0x22, 0xe9, 0x22])), { strict: true })).toThrow(
      /: expected UTF-8, got other bytes$/,
    );
    expect(readPlainFile(file(Buffer.from([0x22, 0xe9, 0x22])))).toBe('"\ufffd"');
    expect(readPlainFile(file(new Uint8Array(8)))).toBe("\0".repeat(8));
  });

  it("may be missing if the caller allows it", () => {
    const path = join(temporaryFolder(), "none");
    expect(readPlainFileIfPresent(path)).toBeUndefined();
    expect(() => readPlainFile(path)).toThrow(`${path}: expected a readable file, got "${path}" (ENOENT`);
    const loop = join(temporaryFolder(), "loop");
    symlinkSync(loop, loop);
    expect(() => readPlainFileIfPresent(loop)).toThrow("(ELOOP");
  });
});
