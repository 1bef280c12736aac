/** A copy of the workspace, to be set up with other versions than the clone has. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pnpmVersion } from "../pnpm.mjs";
import { copyWorkingTree, share } from "../working-tree.mjs";

/** What is downloaded is downloaded once; pnpm itself is the same on every Node. */
const SHARED = [`.tools/pnpm-${pnpmVersion}`, ".tools/pnpm-store", ".tools/pnpm-cache"];
/** What turbo has built before, whatever Node built it. */
const BUILT = ".turbo/cache";

/**
 * Runs `work` with a copy of the tracked files and of changes not committed; the copy goes away with it.
 *
 * @param {(place: string) => Promise<T>} work
 * @param {object} options
 * @param {boolean} options.built - true: what the clone has built need not be built again.
 * @template T
 */
export async function withCopy(work, { built }) {
  const place = mkdtempSync(join(tmpdir(), "dnc-compat-"));
  try {
    copyWorkingTree(place);
    for (const folder of [...SHARED, ...(built ? [BUILT] : [])]) share(folder, place);
    // Some tests ask git what is tracked.
    git(["init", "--quiet"], place);
    git(["add", "--all"], place);
    return await work(place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * Gives a copy another TensorFlow.js, and takes out what is not tried with it, the trainer among it.
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
