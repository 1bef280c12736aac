/** Lists the JavaScript of a bundle: scripts, packages and their production dependencies, only the files that are loaded. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { root } from "../pnpm.mjs";

/** What can be started in a bundle. Parts of the trainer that run in a process of their own are among its files. */
const SCRIPTS = [
  "tools/bench/gpu.mjs",
  "tools/bench/gpu-adapters.mjs",
  "tools/bench/gpu-kernels.mjs",
  "tools/bench.mjs",
  "tools/parity.mjs",
  "tools/dnc.mjs",
];
/** The set-up of a clone, and what takes its place. */
const [SETUP, NO_SETUP] = ["tools/setup.mjs", "tools/gpu-bundle/setup.mjs"];
/** Packages that are not in a bundle: their binding is built for one machine. */
const LEFT_OUT = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"];
/** Files of our packages: everything that is built, since workers and kernels are loaded by path. */
const BUILT = /^dist\/.*\.(js|mjs|cjs|wasm)$|\.node$/;
const LICENSE = /^(licen[cs]e|notice|copying)/i;

/**
 * @typedef {object} Entry
 * @property {string} from - path of the file.
 * @property {string} to - path in the bundle.
 */

/**
 * Traces imports from the scripts.
 *
 * @returns {Promise<Entry[]>} files to copy, sorted by their place.
 * @throws Error if an import is not found, or if two versions of a package are used.
 */
export async function codeFiles() {
  const inputs = await tracedFiles();
  const entries = new Map();
  const add = (from, to) => {
    const earlier = entries.get(to);
    if (earlier !== undefined && realpathSync(earlier) !== realpathSync(from))
      throw new Error(`two versions of ${to}: ${earlier} and ${from}`);
    entries.set(to, from);
  };
  const folders = new Map();
  for (const file of inputs) {
    const { to, owner, place } = placeOf(file);
    add(join(root, file), to);
    if (owner === undefined) continue;
    folders.set(owner, place);
    for (const inner of manifestsAbove(file, owner)) add(join(root, inner), `${place}${inner.slice(owner.length)}`);
  }
  for (const [owner, place] of withSiblings(folders))
    for (const file of extraFiles(owner)) add(join(root, owner, file), `${place}/${file}`);
  return [...entries].map(([to, from]) => ({ from, to })).sort((a, b) => (a.to < b.to ? -1 : 1));
}

/** Lists files that the scripts and the whole trainer import, relative to the root; not those built from a source that is gone. */
async function tracedFiles() {
  const trainer = readdirSync(join(root, "apps/trainer/dist"), { recursive: true })
    .filter((file) => file.endsWith(".js") && existsSync(join(root, "apps/trainer/src", file.replace(/js$/, "ts"))))
    .map((file) => `apps/trainer/dist/${file}`);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...SCRIPTS, ...trainer, "webgpu"],
    outdir: join(root, "never-written"),
    ...{ bundle: true, write: false, metafile: true, platform: "node", format: "esm", logLevel: "silent" },
    external: LEFT_OUT,
    plugins: [withoutSetup],
  });
  return Object.keys(metafile.inputs);
}

const withoutSetup = {
  name: "without-setup",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/setup\.mjs$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === join(root, SETUP) ? { path: join(root, NO_SETUP) } : undefined,
    ),
};

/** Returns the place of a file in the bundle; for files of packages also the package's folder and that folder's place. */
function placeOf(file) {
  if (file === NO_SETUP) return { to: SETUP };
  const [, folder] = /^(packages\/[^/]+|apps\/[^/]+)\//.exec(file) ?? [];
  const [, thirdParty] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(`/${file}`) ?? [];
  const owner = thirdParty?.slice(1) ?? folder;
  if (owner === undefined) return { to: file };
  const place = placeOfPackage(owner);
  return { owner, place, to: `${place}${file.slice(owner.length)}` };
}

/** Lists manifests between a file and its package's folder: they say which kind of module the file is. */
function manifestsAbove(file, owner) {
  const above = [];
  for (let folder = dirname(file); folder.length > owner.length; folder = dirname(folder)) {
    const manifest = `${folder}/package.json`;
    if (existsSync(join(root, manifest))) above.push(manifest);
  }
  return above;
}

/** Apps stay where they are, because scripts import their files by path; packages lie flat in node_modules. */
function placeOfPackage(owner) {
  return owner.startsWith("apps/") ? owner : `node_modules/${readManifest(owner).name}`;
}

/** Adds our packages that are loaded in other ways than by an import: optional dependencies for this platform. */
function withSiblings(folders) {
  const all = readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
  const byName = new Map(
    all
      .filter((folder) => existsSync(join(root, folder, "package.json")))
      .map((folder) => [readManifest(folder).name, folder]),
  );
  const found = new Map(folders);
  for (const folder of found.keys()) {
    const { dependencies = {}, optionalDependencies = {} } = readManifest(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const sibling = byName.get(name);
      if (sibling !== undefined && !found.has(sibling) && fits(readManifest(sibling)))
        found.set(sibling, placeOfPackage(sibling));
    }
  }
  return found;
}

function fits({ os = ["linux"], cpu = ["x64"] }) {
  return os.includes("linux") && cpu.includes("x64");
}

/** Lists files that a package needs besides those that are imported: manifest, licence, and all that we have built. */
function extraFiles(owner) {
  const top = readdirSync(join(root, owner)).filter((file) => file === "package.json" || LICENSE.test(file));
  if (owner.includes("node_modules/")) return [...top, ...(owner.endsWith("/webgpu") ? [DAWN] : [])];
  const all = ["dist", "."].flatMap((folder) => filesIn(join(root, owner, folder), folder === "dist"));
  return [...top, ...all.map((file) => relative(join(root, owner), file)).filter((file) => BUILT.test(file))];
}

/** The binary of WebGPU, which its package loads by path. */
const DAWN = "dist/linux-x64/dawn.node";

function filesIn(folder, recursive) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
