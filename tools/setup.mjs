/** Sets up the clone: the pinned pnpm, the dependencies, the build; each only if necessary. */
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { DEVELOPMENT, filtersOf, GROUPS, isShared, linkShared, toolManifests } from "./dependencies.mjs";
import { withLock } from "./lock.mjs";
import { contained, home, installPnpm, pnpmCommand, pnpmIsMissing, pnpmVersion, root } from "./pnpm.mjs";
import { run } from "./process.mjs";
import { memberFolders } from "./release/packages.mjs";

/** Sources that the build generates. */
const GENERATED = join("src", "generated");
/** What is built besides `src`, as turbo.json has it too: the kernel in C, the page of the inspector, and the networks in it. */
const SOURCE_FOLDERS = ["source", "public", "networks"];
const SOURCE_FILES = [
  "build-kernel.mjs",
  "build-plan.mjs",
  "index.html",
  "rounded-networks.js",
  "theme.js",
  "vite.config.js",
];
const STAMPS = join(home, "stamps.json");

/**
 * Runs the missing phases, with one line per phase on standard error; waits for another process that is setting up.
 *
 * @param options.groups - groups to install, by the names in dependencies.mjs.
 * @param options.build - whether to build; default: true.
 * @throws Error with the output of the phase that failed.
 */
export async function setUp({ groups = DEVELOPMENT, build = true } = {}) {
  await inTurn([PNPM, dependencies(groups), ...(build ? [BUILD] : [])]);
}

/**
 * Builds packages from scratch, so that outputs of deleted sources disappear, and the packages that they need. One process
 * of pnpm does it: turbo, whose cache is of no use here, starts one per package, which takes longer than compiling it.
 *
 * @param packages - name and folder of each.
 * @throws Error with the output of the build if it fails.
 */
export async function rebuild(packages) {
  const work = async () => {
    for (const { folder } of packages) rmSync(join(root, folder, "dist"), { recursive: true, force: true });
    await pnpm([...packages.map(({ name }) => `--filter=${name}...`), "run", "build"]);
  };
  await inTurn([PNPM, dependencies(DEVELOPMENT), { name: "build", isDone: () => false, work }]);
}

const BUILD_COMMAND = ["exec", "turbo", "run", "build", "--output-logs=errors-only", "--ui=stream"];

const PNPM = {
  name: `pnpm ${pnpmVersion}`,
  isDone: () => !pnpmIsMissing(),
  work: () => installPnpm(),
};

/** Installs groups. Groups that were installed before are kept and updated to the lockfile. */
function dependencies(groups) {
  const missing = () => groups.filter((group) => installedGroups()[group] !== dependenciesHash());
  return {
    name: `dependencies (${groups.join(", ")})`,
    isDone: () =>
      missing().length === 0 &&
      (groups.length === 0 || existsSync(join(root, "node_modules/.modules.yaml"))) &&
      isShared(groups),
    work: async () => {
      await pnpm(["install", "--frozen-lockfile", "--reporter=append-only", ...filtersOf(wanted(groups))]);
      linkShared(wanted(groups));
    },
    stamp: () => ["dependencies", Object.fromEntries(wanted(groups).map((group) => [group, dependenciesHash()]))],
  };
}

/** Returns these groups and those already installed. */
function wanted(groups) {
  const installed = installedGroups();
  return GROUPS.filter((group) => groups.includes(group) || installed[group] !== undefined);
}

/** Reads for each installed group the hash of its inputs. */
function installedGroups() {
  return Object(readStamps().dependencies);
}

const BUILD = {
  name: "build",
  isDone: () =>
    stamped("build", sourcesHash()) && members().every((folder) => existsSync(join(folder, "dist/index.js"))),
  work: () => pnpm(BUILD_COMMAND),
  stamp: () => ["build", sourcesHash()],
};

async function inTurn(phases) {
  const missing = phases.filter(({ isDone }) => !isDone());
  if (missing.length === 0) return;
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
  } catch (error) {
    const what = missing.map(({ name }) => name).join(", ");
    throw new Error(
      `This clone has to be set up (${what}), but it cannot be written: ${error.message}\n` +
        "Run `npm run build` in it as someone who may write there, or in a copy of it.",
      { cause: error },
    );
  }
  const onWait = () => say("Another process is setting up this clone: waiting for it.");
  await withLock(join(home, "setup.lock"), () => doMissing(phases), { onWait });
}

/** Computes the stamps of a clone that is set up. */
export function stampsNow() {
  return { dependencies: Object.fromEntries(GROUPS.map((group) => [group, dependenciesHash()])), build: sourcesHash() };
}

async function doMissing(phases) {
  for (const { name, isDone, work, stamp } of phases) {
    if (isDone()) continue;
    const start = performance.now();
    const done = stamp?.(); // computed before the work: a file that changes meanwhile is noticed next time
    process.stderr.write(`Setting up: ${name} ... `);
    try {
      await work();
    } catch (error) {
      say("failed");
      throw error;
    }
    if (done) writeStamp(...done);
    say(`${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

async function pnpm(args) {
  const { status, output } = await run(pnpmCommand(args), { cwd: root, env: contained() });
  if (status !== 0) throw new Error(`${output}\npnpm ${args.join(" ")} failed with status ${status}`);
}

function members() {
  return memberFolders()
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, "tsconfig.json"))); // not those that have only a binary
}

function dependenciesHash() {
  const manifests = members().map((folder) => join(folder, "package.json"));
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml"].map((name) => join(root, name));
  return hashOf([...files, ...toolManifests(), ...manifests]);
}

function sourcesHash() {
  const sources = members().flatMap((folder) => [
    join(folder, "package.json"),
    join(folder, "tsconfig.json"),
    ...filesBelow(join(folder, "src")).filter((file) => !file.includes(GENERATED)),
    ...SOURCE_FOLDERS.flatMap((name) => filesBelow(join(folder, name))),
    ...SOURCE_FILES.map((name) => join(folder, name)).filter((file) => existsSync(file)),
  ]);
  return hashOf([join(root, "pnpm-lock.yaml"), join(root, "tsconfig.base.json"), ...sources]);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Hashes names and contents of files; names are relative to the root, so that a clone may be moved or copied. */
function hashOf(files) {
  const hash = createHash("sha256").update(process.version);
  for (const file of files) hash.update(`\0${relative(root, file).replaceAll("\\", "/")}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

function stamped(name, hash) {
  return readStamps()[name] === hash;
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, "utf8"));
  } catch {
    return {};
  }
}

function writeStamp(name, hash) {
  writeFileSync(STAMPS, `${JSON.stringify({ ...readStamps(), [name]: hash }, undefined, 2)}\n`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
