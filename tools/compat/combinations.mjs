/** The combinations that `npm run test:compat` tests sequentially. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { engines, libraries, member } from "../repository/workspace.mjs";
import { useTensorflow, withCopy } from "./copy.mjs";
import { resolveJest, tryJest } from "./jest.mjs";
import { fetchNode, nodeVersions, resolveNode } from "./node.mjs";
import { ON_NODE, ON_TENSORFLOW } from "./quick.mjs";
import { publishedVersions } from "./registry.mjs";
import { runScripts } from "./suite.mjs";
import { groupsOf, mergedGroups } from "./tensorflow.mjs";
import { compileConsumer, resolveTypescript } from "./typescript.mjs";

/** @typedef {{ name: string, run: () => Promise<import("./suite.mjs").Outcome> }} Combination */

/** Combinations to test by default. */
const EVERYTHING = {
  node: ["lowest", "20", "newest"],
  tensorflow: ["lowest", "highest"],
  typescript: ["lowest", "newest"],
  jest: ["newest"],
};
const QUICK = { node: ["newest"], tensorflow: ["lowest"], typescript: [], jest: [] };

/**
 * @param {{ node?: string, tensorflow?: string, typescript?: string, jest?: string, quick?: boolean }} options - as on the command line.
 * @returns {Promise<Combination[]>}
 * @throws RangeError for a version that does not exist or is not supported; Error if the registry cannot be reached.
 */
export async function combinationsOf({ node, tensorflow, typescript, jest, quick = false }) {
  const one = (value) => (value === undefined ? [] : [value]);
  const given = { node: one(node), tensorflow: one(tensorflow), typescript: one(typescript), jest: one(jest) };
  const isAny = Object.values(given).some((values) => values.length > 0);
  const wanted = isAny ? given : quick ? QUICK : EVERYTHING;
  return [
    ...(await onNode(wanted.node, quick)),
    ...(await onTensorflow(wanted.tensorflow, quick)),
    ...(await onTypescript(wanted.typescript)),
    ...(await onJest(wanted.jest)),
  ];
}

async function onNode(wanted, quick) {
  if (wanted.length === 0) return [];
  const { engines: admitted } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const versions = await nodeVersions();
  const resolved = new Set(wanted.map((each) => resolveNode(each, admitted.node, versions)));
  return [...resolved].map((version) => ({
    name: `Node ${version}: ${quick ? "a part of the suite" : "the whole suite"}`,
    run: async () => {
      const { program } = await fetchNode(version);
      const script = ["tools/test.mjs", ...(quick ? ON_NODE : [])];
      return withCopy((place) => runScripts(place, program, [script]), { built: quick });
    },
  }));
}

async function onTensorflow(wanted, quick) {
  if (wanted.length === 0) return [];
  const names = [...libraries, ...Object.keys(engines)];
  const peers = Object.fromEntries(names.map((name) => [name, member(name).manifest.peerDependencies ?? {}]));
  const versions = await publishedVersions("@tensorflow/tfjs-core");
  const groups = mergedGroups(wanted.flatMap((each) => groupsOf(each, peers, versions)));
  const anyway = names.filter((name) => !Object.keys(peers[name]).some((peer) => peer.startsWith("@tensorflow/")));
  return (quick ? groups.slice(0, 1) : groups).map((group) => ({
    name: `TensorFlow.js ${group.version}: ${group.packages.join(", ")}${quick ? " (a part)" : ""}`,
    run: () => withCopy((place) => tryTensorflow(place, group, { quick, anyway }), { built: quick }),
  }));
}

/** Tests a group of packages. @param anyway - packages that do not need TensorFlow.js, but on which others depend. */
async function tryTensorflow(place, group, { quick, anyway }) {
  useTensorflow(place, { ...group, packages: [...group.packages, ...anyway] });
  const tests = quick ? ON_TENSORFLOW : group.packages.map((name) => `packages/${name}/`);
  const install = ["tools/pnpm.mjs", "install", "--no-frozen-lockfile", "--prefer-offline", "--reporter=append-only"];
  return runScripts(place, process.execPath, [
    install,
    ["tools/exec.mjs", "tsc", "-p", "tsconfig.test.json"],
    ["tools/test.mjs", ...tests],
  ]);
}

async function onTypescript(wanted) {
  if (wanted.length === 0) return [];
  const versions = await publishedVersions("typescript");
  const resolved = new Set(wanted.map((each) => resolveTypescript(each, versions)));
  return [...resolved].map((version) => ({
    name: `TypeScript ${version}: the declarations of every package`,
    run: () => compileConsumer(version),
  }));
}

async function onJest(wanted) {
  if (wanted.length === 0) return [];
  const { engines: admitted } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const versions = await publishedVersions("jest");
  const newestNode = resolveNode("newest", admitted.node, await nodeVersions());
  return [...new Set(wanted.map((each) => resolveJest(each, versions)))].map((version) => ({
    name: `jest ${version}: core, without transforms`,
    run: () => tryJest(version, newestNode),
  }));
}
