/** Turns changesets into versions. */
import getReleasePlan from "@changesets/get-release-plan";
import { contained, pnpmCommand, root } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { ReleaseError } from "./error.mjs";

/**
 * Lists the versions that the changesets in `.changeset` request, including dependants that must follow.
 *
 * @returns {Promise<{ name: string, version: string }[]>} empty without a changeset.
 */
export async function pendingVersions() {
  const { releases } = await getReleasePlan(root);
  return releases.filter(({ type }) => type !== "none").map(({ name, newVersion }) => ({ name, version: newVersion }));
}

/** Writes those versions and their changelogs, and removes the changesets. */
export async function writeVersions() {
  await pnpmExec("changeset", "version");
  await pnpmExec("biome", "format", "--write", "packages", "apps"); // changesets formats differently
}

async function pnpmExec(...args) {
  const { status, output } = await run(pnpmCommand(["exec", ...args]), { cwd: root, env: contained() });
  if (status !== 0) throw new ReleaseError(`${args.join(" ")} failed:\n${output.trim()}`);
}
