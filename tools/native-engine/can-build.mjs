/** Whether the native engine is not built in this clone, and could be. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../pnpm.mjs";
import { thisTarget } from "./targets.mjs";

/** Programs with which `npm run build:native` builds, or gets what builds: zig, clang, and the pip of a Python. */
const PROGRAMS = [
  "zig",
  "clang",
  "clang-22",
  "clang-21",
  "clang-20",
  "clang-19",
  "clang-18",
  "clang-17",
  "pip3",
  "pip",
];

/**
 * Whether the native engine for this machine is not built in a clone, and a program that may build it is on the PATH. Starts none: the
 * build says why, if it cannot build.
 *
 * @param {Record<string, string | undefined>} environment - PATH is read.
 * @param {string} clone - folder of the clone.
 */
export function canBuild(environment = process.env, clone = root) {
  const target = thisTarget();
  const folder = join(clone, `packages/engine-native-${target}`); // a bundle has none
  if (target === undefined || !existsSync(folder) || existsSync(join(folder, "engine.node"))) return false;
  const folders = (environment.PATH ?? environment.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const names = PROGRAMS.map((name) => (process.platform === "win32" ? `${name}.exe` : name));
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}
