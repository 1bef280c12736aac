/** All checks of a tarball before it is published. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { targetOf } from "./packages.mjs";
import { problemsOf, unpack } from "./tarball.mjs";

/** Ways to resolve a package that only a release of Node that we do not support has. */
const UNSUPPORTED_RESOLUTIONS = ["node10", "node16-cjs"];

/**
 * Types for `require` describe an ES module, which every supported Node can require. "Are the types wrong?" judges for older ones, and calls
 * that `FalseCJS`.
 */
const ACCEPTED_PROBLEMS = ["FalseCJS"];

/**
 * Looks into a tarball, and checks it with publint and with "Are the types wrong?", all within this process: loading TypeScript anew for
 * each package takes longer than checking it.
 *
 * @param {string} tarball - its path.
 * @param {string} place - an existing folder for the unpacked files.
 * @returns {Promise<string[]>} what is wrong; none if all is well.
 */
export async function checkTarball(tarball, place) {
  const data = readFileSync(tarball);
  const folder = unpack(tarball, place);
  const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return [
    ...problemsOf(folder),
    ...(await publintMessages(data)),
    ...(targetOf(name) === undefined ? await wrongTypes(new Uint8Array(data)) : []), // a binary has no types
  ];
}

// The two are imported when they are used: the set-up may have installed them only now.

async function publintMessages(data) {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages
    .filter(({ type }) => type !== "suggestion")
    .map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function wrongTypes(data) {
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const { problemKindInfo } = await import("@arethetypeswrong/core/problems");
  const result = await checkPackage(createPackageFromTarballData(data));
  if (!result.types) return ["types: the package has none"];
  return result.problems
    .filter(
      ({ kind, resolutionKind }) =>
        !ACCEPTED_PROBLEMS.includes(kind) && !UNSUPPORTED_RESOLUTIONS.includes(resolutionKind),
    )
    .map(({ kind, ...where }) => `types: ${problemKindInfo[kind].shortDescription}: ${JSON.stringify(where)}`);
}
