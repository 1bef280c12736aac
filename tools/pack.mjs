/**
 * Packs every package as it would be published, for projects outside this clone: `npm run pack -- DIR`.
 *
 * Completes the set-up first, if necessary. Includes the binary of the native engine if it is built for this machine, from the sources as
 * they are. DIR is created, or must contain only files of this script, which are
 * replaced once everything is packed. A `pnpm-workspace.yaml` next to the tarballs makes pnpm use them. Exit status: 0
 * done, 1 if something failed, 2 if the command is wrong.
 */
import "./node-version.mjs";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { buildAll } from "./native-engine/build-all.mjs";
import { binaryOf } from "./native-engine/compile.mjs";
import { BuildError, findCompiler } from "./native-engine/compiler.mjs";
import { thisTarget } from "./native-engine/targets.mjs";
import { publicPackages, releasedPackages, targetOf } from "./release/packages.mjs";
import { setUp } from "./setup.mjs";

const USAGE = "Usage: npm run pack -- DIR, with DIR the folder that gets the tarballs.";

/** The first line of the settings for pnpm, which identifies the file. */
const SETTINGS_HEAD = "# Written by npm run pack: pnpm takes the packages of @dnc from these tarballs.";
const SETTINGS = "pnpm-workspace.yaml";

/** @param {string[]} args @returns {Promise<number>} the exit status. */
async function main(args) {
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  const flag = args.find((arg) => arg.startsWith("-"));
  if (flag !== undefined) return refuse(`unknown flag ${flag}.`);
  if (args.length !== 1 || args[0] === "") return refuse(`DIR: expected one folder, got ${args.length}.`);
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), args[0]); // npm starts scripts in the clone's root
  try {
    const wrong = wrongFolder(folder);
    if (wrong !== undefined) return refuse(wrong);
    await setUp({ groups: ["training"] });
    const native = await nativePackage();
    const tarballs = await packInto(folder, native.name);
    console.log(native.line);
    for (const line of nextSteps(folder, tarballs)) console.log(line);
    return 0;
  } catch (error) {
    console.error(`pack: ${error.message}`);
    return 1;
  }
}

/** Explains why a folder cannot be used; undefined if it can. */
function wrongFolder(folder) {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return `DIR: expected a folder, got the file ${folder}.`;
  const foreign = readdirSync(folder).filter((file) => !isOurs(folder, file));
  if (foreign.length === 0) return undefined;
  const listed = foreign.length > 3 ? [...foreign.slice(0, 3), "more"] : foreign;
  return `DIR: expected a new folder, an empty one or one that was packed into before, got ${folder} with ${listed.join(", ")}.`;
}

/** Whether this script wrote a file, now or for earlier versions. */
function isOurs(folder, file) {
  if (!statSync(join(folder, file), { throwIfNoEntry: false })?.isFile()) return false;
  if (file === SETTINGS) return readFileSync(join(folder, file), "utf8").startsWith(SETTINGS_HEAD);
  return releasedPackages().some(({ name }) => {
    const [begin, end] = [`${prefixOf(name)}-`, ".tgz"];
    return file.startsWith(begin) && file.endsWith(end) && /^\d+\.\d+\.\d+/.test(file.slice(begin.length, -end.length));
  });
}

/**
 * Finds the package with the native engine's binary for this machine. Builds it again if it is built, but not from the sources as they are.
 *
 * @returns {Promise<{ name?: string, line: string }>} no name if it is not packed; a line that says what that means.
 */
async function nativePackage() {
  const target = thisTarget();
  const without = (why) => ({ line: `Without the native engine, ${why}: programs train in WebAssembly.` });
  if (target === undefined) return without("which is not made for this machine");
  if (!existsSync(binaryOf(target))) return without("which `npm run build:native` builds");
  try {
    await buildAll([target], () => findCompiler(false));
  } catch (error) {
    if (error instanceof BuildError) return without(`which cannot be built again (${error.message.split("\n")[0]})`);
    throw error;
  }
  const { name } = releasedPackages().find((each) => targetOf(each.name) === target);
  return { name, line: `With the native engine for ${target} only: on another platform, leave its tarball out.` };
}

/**
 * Packs all packages, and the native engine's binary if it has a name, then replaces the contents of the folder: if packing fails, it is
 * unchanged. @returns the tarballs by package.
 */
async function packInto(folder, native) {
  const { packPackages } = await import("./repository/packed.mjs");
  const draft = mkdtempSync(join(tmpdir(), "dnc-pack-"));
  try {
    const all = [...publicPackages().map(({ name }) => name), ...(native === undefined ? [] : [native])];
    const names = all.map((name) => name.slice("@dnc/".length));
    const drafts = Object.entries(packPackages(names, draft)).map(([name, file]) => [`@dnc/${name}`, file]);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder)) if (isOurs(folder, file)) rmSync(join(folder, file));
    const tarballs = drafts.map(([name, file]) => [name, join(folder, basename(file))]);
    for (const [index, [, file]] of drafts.entries()) cpSync(file, tarballs[index][1]);
    writeFileSync(join(folder, SETTINGS), settingsFor(tarballs));
    return tarballs;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Creates settings for pnpm, which otherwise looks for the dependencies of a tarball in a registry. */
function settingsFor(tarballs) {
  const lines = tarballs.map(([name, file]) => `  ${JSON.stringify(name)}: ${JSON.stringify(`file:${file}`)}`);
  return [SETTINGS_HEAD, "overrides:", ...lines, ""].join("\n");
}

function nextSteps(folder, tarballs) {
  const { manifest } = publicPackages().find(({ name }) => name === "@dnc/trainer");
  const tensorflow = `@tensorflow/tfjs@${manifest.dependencies["@tensorflow/tfjs"]}`; // one copy of it for all
  const quoted = /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
  return [
    `Packed ${tarballs.length} packages into ${folder}. In your own project, with npm:`,
    "",
    `    npm install ${quoted}/*.tgz ${tensorflow}`,
    "",
    "or with pnpm:",
    "",
    `    cp ${quoted}/${SETTINGS} .`,
    `    pnpm add ${quoted}/*.tgz ${tensorflow}`,
    "",
    "Name all the tarballs at once, as here: each finds the others among them. Then the examples of the READMEs run, and",
    "`npx dnc doctor` says what this machine trains on.",
  ];
}

/** Returns the part of a tarball's name before the version. */
function prefixOf(name) {
  return name.replace("@", "").replace("/", "-");
}

function refuse(why) {
  console.error(`pack: ${why} ${USAGE}`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
