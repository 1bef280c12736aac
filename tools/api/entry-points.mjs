/** The public entry points of the published packages, from the manifests' `exports`. */
import { join } from "node:path";
import { member, published } from "../repository/workspace.mjs";

/**
 * Lists every entry point that has types, package by package.
 *
 * @returns for each the import specifier, its package's folder, its declarations, and the file of its snapshot.
 */
export function entryPoints() {
  return published.flatMap((name) => {
    const { folder, manifest } = member(name);
    const typed = Object.entries(manifest.exports).filter(([, target]) => target.types);
    return typed.map(([path, { types }]) => {
      const suffix = path.slice("./".length).replaceAll("/", "-");
      return {
        specifier: join(manifest.name, path).replaceAll("\\", "/"),
        folder,
        declarations: join(folder, types.default),
        snapshot: join(folder, suffix === "" ? "api.md" : `api-${suffix}.md`),
      };
    });
  });
}
