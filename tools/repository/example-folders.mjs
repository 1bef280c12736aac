/** The examples of the repository, for tests about them. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/** Returns the folder of an example. */
export function folderOf(name) {
  return join(root, "examples", name);
}

/** Names of the examples. */
export const examples = readdirSync(join(root, "examples")).filter((name) =>
  existsSync(join(folderOf(name), "package.json")),
);
