/**
 * Checks the fields of manifests with the addresses of sources and issues. Only a person knows them, so they have no
 * defaults.
 */
import { ReleaseError } from "./error.mjs";

const FIELDS = ["repository", "homepage", "bugs"];

/**
 * Explains why packages cannot be published: the missing fields by package.
 *
 * @param {import("./packages.mjs").Package[]} packages
 * @returns {string | undefined} a sentence; undefined if no field is missing.
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

/** @throws ReleaseError if a package lacks one of the fields. */
export function assertAddress(packages) {
  const missing = missingAddress(packages);
  if (missing !== undefined) throw new ReleaseError(missing);
}

/** Whether a field is a string, or an object with a string as `url`, as in npm's manifests. */
function hasText(field) {
  const text = typeof field === "object" ? field?.url : field;
  return typeof text === "string" && text.trim() !== "";
}
