/** The npm registry, as npm itself is configured for it: scopes, tokens and all. */
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
  throw new ReleaseError(`the registry does not say whether it has ${name}@${version}:\n${output.trim()}`);
}

/**
 * Publishes one tarball, byte for byte. Prereleases get their own tag, all others `latest`.
 *
 * @param {string} tarball - its path.
 * @param {{ name: string, version: string }} release - what is in it.
 * @throws ReleaseError if npm or the registry refuses.
 */
export async function publish(tarball, { name, version }) {
  const prerelease = /-([a-z]+)/i.exec(version)?.[1];
  const { status, output } = await npm(["publish", tarball, ...(prerelease ? ["--tag", prerelease] : [])]);
  if (status === 0 || /cannot publish over the previously published version/i.test(output)) return;
  throw new ReleaseError(`npm did not publish ${name}@${version}:\n${output.trim()}`);
}

function npm(args) {
  return run([...npmCommand(), ...args], { cwd: root, env: contained() });
}
