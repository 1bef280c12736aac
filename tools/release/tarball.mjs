/** Checks the contents of a tarball. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { platformFields, TARGETS } from "../native-engine/targets.mjs";
import { root } from "../pnpm.mjs";
import { wrongBinary } from "./binary.mjs";
import { targetOf } from "./packages.mjs";
import { wrongMaps } from "./source-maps.mjs";

const NEEDED = ["LICENSE", "README.md", "CHANGELOG.md", "package.json"];
/** The one file besides of a platform package. */
const BINARY = "engine.node";
const ALLOWED =
  /^(presets\/[\w-]+\.json|networks\/[\w-]+\/((config|record)\.json|checkpoints\/(latest|step-\d{8}\/(state\.json|model\.safetensors)))|bin\/[\w-]+\.js|src\/[\w./-]+\.ts|(source|addon)\/[\w-]+\.[ch]|dist\/[\w./-]+\.(js|d\.ts)(\.map)?|require\/[\w-]+\.d\.cts)$/;
/** Files of a built page: the hash in a name may read like any word. */
const PAGE = /^dist\/page\/(index\.html|icon\.svg|assets\/[\w.-]+\.(js|css|json|safetensors|wasm))$/;
const NOT_FOR_USERS = /(^|[./_-])(tests?|spec|bench|fixtures?|tsbuildinfo)([./_-]|$)/;

/** Modules with side effects: engines register kernels, `core/layers` a class. All others have none. */
const SIDE_EFFECTS = {
  "@dnc/engine-tfjs": ["./dist/index.js", "./src/index.ts"],
  "@dnc/engine-wasm": ["./dist/index.js", "./src/index.ts"],
  "@dnc/engine-native": ["./dist/index.js", "./src/index.ts"],
  "@dnc/engine-webgpu": ["./dist/index.js", "./src/index.ts"],
  "@dnc/core": ["./dist/layers/*.js", "./src/layers/*.ts"],
};

/**
 * Unpacks a tarball.
 *
 * @param {string} tarball - its path.
 * @param {string} place - an existing folder; a new folder is created in it.
 * @returns {string} the folder with the package's files.
 */
export function unpack(tarball, place) {
  const folder = join(place, basename(tarball, ".tgz"));
  mkdirSync(folder);
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  return folder;
}

/**
 * Lists the problems that a user of an unpacked package would have.
 *
 * @param {string} folder - folder of the unpacked package.
 * @returns {string[]} one sentence per problem.
 */
export function problemsOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
  const target = targetOf(manifest.name);
  if (target !== undefined) return platformProblems(folder, { files, manifest, target });
  return [
    ...wrongFiles(files, NEEDED, (file) => PAGE.test(file) || (ALLOWED.test(file) && !NOT_FOR_USERS.test(file))),
    ...wrongTexts(folder, manifest),
    ...wrongEntries(files, manifest),
    ...wrongSideEffects(manifest),
    ...wrongManifest(manifest),
    ...wrongMaps(folder, files),
  ];
}

/** Lists the problems of a package that has a binary only. */
function platformProblems(folder, { files, manifest, target }) {
  if (!Object.hasOwn(TARGETS, target)) return [`${target} is no platform of the native engine`];
  const { os, cpu, libc, main } = manifest;
  const [found, expected] = [{ os, cpu, libc }, platformFields(target)].map((fields) => JSON.stringify(fields));
  return [
    ...wrongFiles(files, [...NEEDED, BINARY], () => false),
    ...wrongTexts(folder, manifest),
    ...wrongManifest(manifest),
    ...(found === expected ? [] : [`package.json is for ${found}: expected ${expected}`]),
    ...(main === `./${BINARY}` ? [] : [`main is "${main}": expected "./${BINARY}"`]),
    ...(files.includes(BINARY) ? wrongBinary(readFileSync(join(folder, BINARY)), target) : []),
  ];
}

function wrongFiles(files, needed, isAllowed) {
  return [
    ...needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files.filter((file) => !needed.includes(file) && !isAllowed(file)).map((file) => `${file} is not for users`),
  ];
}

function wrongTexts(folder, { name, version, license }) {
  const text = (file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "");
  const problems = [];
  if (license !== "Apache-2.0" || text("LICENSE") !== readFileSync(join(root, "LICENSE"), "utf8"))
    problems.push("LICENSE is not the repository's");
  if (!text("README.md").startsWith(`# ${name}\n`)) problems.push(`README.md does not begin with ${name}`);
  if (!text("CHANGELOG.md").includes(`\n## ${version}\n`)) problems.push(`CHANGELOG.md says nothing of ${version}`);
  return problems;
}

function wrongEntries(files, { exports, bin = {} }) {
  const entries = Object.keys(exports ?? {}).every((key) => key.startsWith(".")) ? exports : { ".": exports };
  const typed = Object.entries(entries ?? {}).filter(([path]) => !path.endsWith(".json"));
  return [
    ...[...targetsOf(entries), ...targetsOf(bin)]
      .filter((target) => !files.some((file) => isNamed(file, target.replace(/^\.\//, ""))))
      .map((target) => `${target} is named in package.json and missing`),
    ...(typed.length > 0 ? [] : ["exports has no entry"]),
    ...(typed.every(([, target]) => hasTypesFirst(target))
      ? []
      : ["exports has an entry without types, or not with types first"]),
  ];
}

/** Whether a target names a file: itself, or by a pattern such as `presets/*.json`. */
function isNamed(file, target) {
  const [start, end] = target.split("*");
  return end === undefined ? file === target : file.startsWith(start) && file.endsWith(end);
}

/** Lists every file that a part of `exports` names, in all its conditions and alternatives. */
function targetsOf(target) {
  return typeof target === "string" ? [target] : Object.values(target ?? {}).flatMap(targetsOf);
}

/** Whether types come first, directly or within each condition. */
function hasTypesFirst(target) {
  if (target === null || typeof target !== "object") return false;
  const [[first, types] = []] = Object.entries(target);
  if (first === "types") {
    const { require: forRequire = [], ...others } = typeof types === "string" ? { types } : types;
    // attw does not check which condition uses which file.
    return (
      targetsOf(others).every((file) => file.endsWith(".d.ts")) &&
      targetsOf(forRequire).every((file) => /\.d\.c?ts$/.test(file))
    );
  }
  return first !== undefined && Object.values(target).every(hasTypesFirst);
}

function wrongSideEffects({ name, sideEffects }) {
  const isExpected = JSON.stringify(sideEffects) === JSON.stringify(SIDE_EFFECTS[name] ?? false);
  return isExpected ? [] : [`sideEffects is ${JSON.stringify(sideEffects)}`];
}

function wrongManifest({ version, scripts = {}, publishConfig = {}, ...manifest }) {
  const problems = [];
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  for (const [other, range] of Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    if (!/^[\^~]?\d+\.\d+\.\d+(-[\w.]+)?$/.test(range)) problems.push(`the range of ${other} is "${range}"`);
  for (const [other, range] of Object.entries(optionalDependencies))
    if (targetOf(other) !== undefined && range !== version)
      problems.push(`the range of ${other} is "${range}": expected the version ${version} of this package`);
  if (publishConfig.access !== "public") problems.push("publishConfig.access is not public");
  for (const script of ["preinstall", "install", "postinstall", "prepare"])
    if (script in scripts) problems.push(`it would run "${script}" where it is installed`);
  return problems;
}
