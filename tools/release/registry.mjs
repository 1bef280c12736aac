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
  const versions = await publicVersions(name);
  if (versions !== undefined) return versions.includes(version);
  const { status, output } = await npm(["view", `${name}@${version}`, "version", "--json", "--prefer-online"]);
  if (status === 0) return output.includes(`"${version}"`);
  if (/\bE404\b/.test(output)) return false;
  throw new ReleaseError(`the registry does not say whether it has ${name}@${version}${reason(status, output)}`);
}

/**
 * Lists the versions of a package that the registry shows to everybody, without the second that npm takes to start.
 *
 * @returns {Promise<string[] | undefined>} undefined if it shows none, or npm's configuration is needed to reach it.
 */
async function publicVersions(name) {
  const registry = await registryOf(name.slice(0, name.indexOf("/")));
  if (registry === undefined) return undefined;
  const headers = { accept: "application/vnd.npm.install-v1+json", "cache-control": "no-cache" };
  try {
    const response = await fetch(new URL(name.replace("/", "%2f"), registry), { headers });
    return response.ok ? Object.keys((await response.json()).versions) : undefined;
  } catch {
    return undefined;
  }
}

const registries = new Map();

/** Reads where npm gets the packages of a scope from; undefined if it does not say. */
function registryOf(scope) {
  const read = async () => {
    const { output } = await npm(["config", "get", `${scope}:registry`, "registry"]);
    const url = (key) => output.match(new RegExp(`^${key}=(https?://\\S+)$`, "m"))?.[1].replace(/\/?$/, "/");
    return url(`${scope}:registry`) ?? url("registry");
  };
  if (!registries.has(scope)) registries.set(scope, read());
  return registries.get(scope);
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
