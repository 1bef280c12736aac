/** Packs packages as they would be published, and installs them into projects outside the workspace. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contained, home, pnpmCommand, root } from "../pnpm.mjs";
import { member, siblings } from "./workspace.mjs";

/**
 * Packs packages in one process of pnpm, which takes most of a second to start.
 *
 * @param {string[]} names - names after `@dnc/`.
 * @param {string} folder - an existing folder.
 * @returns {Record<string, string>} the paths of the tarballs, by name.
 */
export function packPackages(names, folder) {
  runPnpm([...names.map((name) => `--filter=@dnc/${name}`), "pack", "--pack-destination", folder], root);
  const tarball = (name) => join(folder, `dnc-${name}-${member(name).manifest.version}.tgz`);
  return Object.fromEntries(names.map((name) => [name, tarball(name)]));
}

/**
 * Creates an empty project with one package, its declared dependencies and TensorFlow.js.
 *
 * @param project - the project's folder, which is created.
 * @param tarballs - by package name after `@dnc/`; only those of the package, its siblings and `ours` are used.
 * @param beside - additional packages to install: ours, and others in the versions of the workspace.
 */
export function installAlone(name, project, tarballs, { ours = [], others = [] } = {}) {
  mkdirSync(project);
  const from = (dependency) => `file:${tarballs[dependency.slice("@dnc/".length)]}`;
  const manifest = {
    private: true,
    type: "module",
    dependencies: {
      ...Object.fromEntries([name, ...ours].map((each) => [`@dnc/${each}`, from(`@dnc/${each}`)])),
      "@tensorflow/tfjs": "4.22.0",
      ...Object.fromEntries(others.map((other) => [other, installedVersion(other, member(name).folder)])),
    },
  };
  const settings = {
    overrides: Object.fromEntries([name, ...ours].flatMap(siblings).map((sibling) => [sibling, from(sibling)])),
    // Reuses what the workspace has downloaded.
    storeDir: join(home, "pnpm-store"),
    cacheDir: join(home, "pnpm-cache"),
    stateDir: join(home, "pnpm-state"),
    managePackageManagerVersions: false,
    packages: [],
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(project, "pnpm-workspace.yaml"), JSON.stringify(settings)); // JSON is YAML
  runPnpm(["install", "--prefer-offline", "--ignore-scripts", "--no-frozen-lockfile"], project);
}

/** Finds the installed version of a dependency in the root or in a workspace member. */
function installedVersion(name, folder) {
  const manifests = [folder, root].map((each) => join(each, "node_modules", name, "package.json"));
  return JSON.parse(readFileSync(manifests.find(existsSync), "utf8")).version;
}

function runPnpm(args, cwd) {
  const [node, ...rest] = pnpmCommand(args);
  execFileSync(node, rest, { cwd, env: contained(), stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
}
