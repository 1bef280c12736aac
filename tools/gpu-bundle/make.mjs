/** Makes a bundle for a machine with a GPU. */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commit } from "../bench/machine.mjs";
import { root } from "../pnpm.mjs";
import { copyLibraries, copyNode, pack } from "./binaries.mjs";
import { codeFiles } from "./contents.mjs";

/** Maximum size of a bundle: what travels to the machines for which it is made, with some room. */
const MAX_BYTES = 60 * 2 ** 20;
/** Files that are packed, because they are large. */
const LARGE_BYTES = 8e6;
const CASES = "tools/parity/cases";
const FILES = join(root, "tools/gpu-bundle/files");
/** Files of the peers: programs and their settings. */
const PEER_FILE = /\.(py|json|sh|md)$/;

/**
 * Makes the bundle next to its place and puts it there when it is complete.
 *
 * @param {object} options
 * @param {string} options.out - folder of the bundle; replaced.
 * @param {string} [options.peers] - folder of the peers' scripts.
 * @returns {Promise<{ bytes: number, files: number, leftOut: string[] }>} its size, number of files, and libraries that this
 *   machine does not have.
 * @throws Error if it is too large, or if something is missing.
 */
export async function makeBundle({ out, peers }) {
  const draft = `${out}.draft-${process.pid}`;
  try {
    for (const { from, to } of await codeFiles()) copy(from, join(draft, to));
    for (const name of readdirSync(join(root, CASES))) copy(join(root, CASES, name), join(draft, CASES, name));
    for (const name of readdirSync(FILES)) copy(join(FILES, name), join(draft, name));
    copy(join(root, "LICENSE"), join(draft, "LICENSE"));
    if (peers !== undefined)
      for (const name of readdirSync(peers).filter((each) => PEER_FILE.test(each)))
        copy(join(peers, name), join(draft, "peers", name));
    const leftOut = copyLibraries(draft);
    copyNode(draft);
    writeDescription(draft);
    packLarge(draft);
    const sizes = filesOf(draft).map((file) => ({ file, bytes: statSync(join(draft, file)).size }));
    const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
    if (bytes > MAX_BYTES) throw new Error(tooLarge(bytes, sizes));
    rmSync(out, { recursive: true, force: true });
    mkdirSync(dirname(out), { recursive: true });
    renameSync(draft, out);
    return { bytes, files: sizes.length, leftOut };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}

/** Writes what the scripts read about the clone: the manifest of its root, and the commit. */
function writeDescription(folder) {
  const { packageManager, engines, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const manifest = { name: "dnc-gpu-bundle", private: true, license, type: "module", packageManager, engines };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const about = { commit: commit() ?? null, node: process.versions.node, made: new Date().toISOString() };
  writeFileSync(join(folder, "bundle.json"), `${JSON.stringify(about, undefined, 2)}\n`);
}

/** Packs large files, and lists all that are packed for start.sh. */
function packLarge(folder) {
  for (const file of filesOf(folder))
    if (!file.endsWith(".gz") && statSync(join(folder, file)).size > LARGE_BYTES) pack(join(folder, file));
  const packed = filesOf(folder).filter((file) => file.endsWith(".gz"));
  writeFileSync(join(folder, "packed.txt"), packed.map((file) => `${file.slice(0, -".gz".length)}\n`).join(""));
}

function filesOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function tooLarge(bytes, sizes) {
  const largest = [...sizes].sort((a, b) => b.bytes - a.bytes).slice(0, 5);
  const listed = largest.map((each) => `${each.file} ${(each.bytes / 2 ** 20).toFixed(1)}`);
  return `expected at most ${MAX_BYTES / 2 ** 20} MiB, got ${(bytes / 2 ** 20).toFixed(1)}: ${listed.join(", ")} ...`;
}
