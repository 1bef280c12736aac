/** Reads files with a JSON object on every line. */
import { existsSync, readFileSync } from "node:fs";

/** Reads the objects of a file; lines that are no object are skipped. Returns an empty list if there is no file. */
export function jsonLines(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}
