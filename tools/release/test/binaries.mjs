/**
 * The binaries of the native engine that test releases publish. Compiling them for six platforms takes minutes, so only those are real that
 * are in the clone's cache: `npm run build:native` puts this machine's there, with `--all` every one. The others are stand-ins: as long as
 * real ones, with their headers, without code. `npm run release` takes both from its cache, as it takes what it has built before.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { binaryOf, cachedBinary } from "../../native-engine/compile.mjs";
import { PINNED_VERSION } from "../../native-engine/compiler.mjs";
import { TARGETS, thisTarget } from "../../native-engine/targets.mjs";
import { root } from "../../pnpm.mjs";
import { BINARY_BUDGETS } from "../budgets.mjs";

/** This machine's platform; undefined if there is no binary for it. */
export const target = thisTarget();

/** Path of this machine's binary, built as for a release from the sources as they are; undefined if it is not there. */
export const realBinary = target && ifThere(cached(target));

/**
 * Fills a new folder that `DNC_KERNELS` may name: with every binary, and with what the clone has compiled for WebAssembly.
 *
 * @param {string} folder - its path.
 * @returns {string[]} the platforms whose binaries are stand-ins.
 */
export function fillCache(folder) {
  mkdirSync(folder);
  const earlier = process.env.DNC_KERNELS;
  const modules = earlier && existsSync(earlier) ? readdirSync(earlier).filter((name) => name.endsWith(".wasm")) : [];
  for (const name of modules) copyFileSync(join(earlier, name), join(folder, name));
  const standIns = Object.keys(TARGETS).filter((each) => ifThere(cached(each)) === undefined);
  for (const each of Object.keys(TARGETS)) {
    const file = join(folder, basename(cached(each)));
    if (standIns.includes(each)) writeFileSync(file, standIn(each));
    else copyFileSync(cached(each), file);
  }
  return standIns;
}

/** Puts a file into every platform package of a copy of the clone, as a build from other sources leaves one. */
export function leaveOldBinaries(clone) {
  for (const each of Object.keys(TARGETS))
    writeFileSync(join(clone, binaryOf(each).slice(root.length)), "A binary of other sources.\n");
}

/**
 * Creates a file with the header of a platform's binaries and no code.
 *
 * @param {string} target - a key of `TARGETS`.
 * @returns {Buffer}
 */
export function standIn(target) {
  const bytes = Buffer.alloc(Math.round(0.8 * BINARY_BUDGETS[target]));
  const isArm = target.endsWith("arm64");
  if (target.startsWith("linux")) {
    bytes.write("\x7fELF", 0, "latin1");
    bytes.writeUInt16LE(isArm ? 183 : 62, 18);
  } else if (target.startsWith("darwin")) {
    bytes.writeUInt32LE(0xfeedfacf, 0);
    bytes.writeUInt32LE(isArm ? 0x0100000c : 0x01000007, 4);
    bytes.writeUInt32LE(1, 16); // one command: where the signature is
    bytes.writeUInt32LE(0x1d, 32);
    bytes.writeUInt32LE(16, 36);
  } else {
    bytes.write("MZ", 0, "latin1");
    bytes.writeUInt32LE(0x80, 0x3c);
    bytes.write("PE", 0x80, "latin1");
    bytes.writeUInt16LE(0x8664, 0x84);
  }
  return bytes;
}

function cached(each) {
  return cachedBinary(each, { version: PINNED_VERSION });
}

function ifThere(file) {
  return existsSync(file) ? file : undefined;
}
