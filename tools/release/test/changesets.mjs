/** Pending changesets, which would give a test release other versions than those of the manifests. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Removes the changesets of a copy from `copyClone`; a commit must follow. */
export function removeChangesets(clone) {
  const folder = join(clone, ".changeset");
  const pending = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
  for (const name of pending) rmSync(join(folder, name));
}
