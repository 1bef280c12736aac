import { createRequire } from "node:module";

/** Packages whose versions every checkpoint records. */
const PACKAGES = ["@dnc/core", "@dnc/tasks", "@dnc/training"];

/** Collects the versions that state.json records, by package; those of `others` come first. */
export function recordedVersions(others: Readonly<Record<string, string>>): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versionOf = (manifest: string): string => require(manifest).version;
  const versions = PACKAGES.map((name) => [name, versionOf(`${name}/package.json`)]);
  return {
    ...others,
    "@dnc/runs": versionOf("../../package.json"),
    ...Object.fromEntries(versions),
    node: process.versions.node,
  };
}
