/** A copy of the workspace, to set up with other versions. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pnpmVersion } from "../pnpm.mjs";
import { copyWorkingTree, share } from "../working-tree.mjs";

/** Folders shared with the copy: downloads, and pnpm, which is the same on every Node. */
const SHARED = [`.tools/pnpm-${pnpmVersion}`, ".tools/pnpm-store", ".tools/pnpm-cache"];
/** Cache of earlier builds, from any Node. */
const BUILT = ".turbo/cache";

/**
 * Runs `work` with a copy of the tracked files and uncommitted changes, then removes the copy.
 *
 * @param {(place: string) => Promise<T>} work
 * @param {object} options
 * @param {boolean} options.built - whether to reuse the clone's builds.
 * @template T
 */
export async function withCopy(work, { built }) {
  const place = mkdtempSync(join(tmpdir(), "dnc-compat-"));
  try {
    copyWorkingTree(place);
    for (const folder of [...SHARED, ...(built ? [BUILT] : [])]) share(folder, place);
    // Some tests ask git which files are tracked.
    git(["init", "--quiet"], place);
    git(["add", "--all"], place);
    return await work(place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Changes the TensorFlow.js version of a copy, and removes the packages that are not tested with it, including the
 * trainer.
 *
 * @param {import("./tensorflow.mjs").Group} group
 */
export function useTensorflow(place, { version, packages }) {
  const kept = new Set(packages.map((name) => `@dnc/${name}`));
  for (const group of ["packages", "apps", "examples"])
    for (const name of readdirSync(join(place, group)))
      if (!kept.has(`@dnc/${name}`)) rmSync(join(place, group, name), { recursive: true });
  edit(join(place, "pnpm-workspace.yaml"), (text) =>
    text.replace(/^( +"@tensorflow\/[\w-]+": )\d\S*$/gm, `$1${version}`),
  );
  edit(join(place, "package.json"), (text) => {
    const manifest = JSON.parse(text);
    const known = readdirSync(join(place, "packages")).map((name) => readManifest(join(place, "packages", name)));
    const needed = new Set(known.flatMap(({ devDependencies = {} }) => Object.keys(devDependencies)));
    const isNeeded = (name) =>
      name.startsWith("@dnc/")
        ? kept.has(name)
        : !name.startsWith("@tensorflow/tfjs-") || name === "@tensorflow/tfjs-core" || needed.has(name);
    const dependencies = Object.entries(manifest.devDependencies).filter(([name]) => isNeeded(name));
    return JSON.stringify({ ...manifest, devDependencies: Object.fromEntries(dependencies) }, undefined, 2);
  });
}

function git(args, cwd) {
  return execFileSync("git", args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "pipe"] });
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function edit(file, change) {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
