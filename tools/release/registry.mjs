/** Access to the npm registry with npm's own configuration, including scopes and tokens. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contained, npmCommand, root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { ReleaseError } from "./error.mjs";

/**
 * Whether the registry has this version.
 *
 * @param {{ name: string, version: string }} release
 * @returns {Promise<boolean>}
 * @throws ReleaseError if the registry does not answer.
 */
export async function isPublished({ name, version }) {
  const { status, output } = await npm(["view", `${name}@${version}`, "version", "--json", "--prefer-online"]);
  if (status === 0) return output.includes(`"${version}"`);
  if (/\bE404\b/.test(output)) return false;
  throw new ReleaseError(`the registry does not say whether it has ${name}@${version}${reason(status, output)}`);
}

/**
 * Publishes one tarball unchanged. Prereleases get the tag of changesets' prerelease, all others `latest`.
 *
 * @param {string} tarball - its path.
 * @param {{ name: string, version: string }} release - name and version of its package.
 * @throws ReleaseError if npm or the registry refuses.
 */
export async function publish(tarball, { name, version }) {
  const { status, output } = await npm(["publish", tarball, ...(version.includes("-") ? ["--tag", preTag()] : [])]);
  if (status === 0 || /cannot publish over the previously published version/i.test(output)) return;
  throw new ReleaseError(`npm did not publish ${name}@${version}${reason(status, output)}`);
}

function preTag() {
  const file = join(root, ".changeset/pre.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).tag : "next";
}

function reason(status, output) {
  return status > 128 ? ": interrupted" : `:\n${output.trim()}`;
}

function npm(args) {
  return run([...npmCommand(), ...args, "--loglevel=error"], { cwd: root, env: contained() });
}
