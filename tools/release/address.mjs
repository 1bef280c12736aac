/** Where packages say that their sources and their issues are: nobody but a person knows, so nothing is invented here. */
import { ReleaseError } from "./error.mjs";

const FIELDS = ["repository", "homepage", "bugs"];

/**
 * What keeps packages from being published: which of these fields are missing in which of them.
 *
 * @param {import("./packages.mjs").Package[]} packages
 * @returns {string | undefined} a sentence; undefined if all packages have all.
 */
export function missingAddress(packages) {
  const groups = new Map();
  for (const { name, manifest } of packages) {
    const fields = FIELDS.filter((field) => !hasText(manifest[field])).join(", ");
    if (fields !== "") groups.set(fields, [...(groups.get(fields) ?? []), name]);
  }
  if (groups.size === 0) return undefined;
  const parts = [...groups].map(([fields, names]) => `${fields} in ${names.join(", ")}`);
  return `package.json: expected the address of the repository, but these fields are missing: ${parts.join("; ")}`;
}

/** @throws ReleaseError if a package does not say where it comes from. */
export function assertAddress(packages) {
  const missing = missingAddress(packages);
  if (missing !== undefined) throw new ReleaseError(missing);
}

/** A text, or an object that has one as its `url`, as npm has it. */
function hasText(field) {
  const text = typeof field === "object" ? field?.url : field;
  return typeof text === "string" && text.trim() !== "";
}
