/** Takes snapshots of folders, to test that a command changes nothing. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Reads kind, mode, time and contents of a folder and everything in it, by path. */
export function snapshot(folder: string): Record<string, string> {
  const paths = [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  ];
  return Object.fromEntries(
    paths.sort().map((path) => {
      const { mode, mtimeMs, size, ...found } = lstatSync(path);
      const isLink = (mode & 0o170000) === 0o120000;
      const isFile = (mode & 0o170000) === 0o100000;
      const text = isLink ? readlinkSync(path) : isFile && size < 2 ** 30 ? readFileSync(path) : String(size);
      return [path, [mode.toString(8), mtimeMs, found.ino, createHash("sha256").update(text).digest("hex")].join(" ")];
    }),
  );
}
