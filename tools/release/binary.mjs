/** Checks a binary of the native engine. */
import { BINARY_BUDGETS } from "./budgets.mjs";

/** The newest glibc whose functions a binary may need: that of the oldest Linux that Node.js 20 runs on. */
const NEWEST_GLIBC = 17; // 2.17

/** Share of its limit below which a binary lacks something, such as an instruction set. */
const SMALLEST_SHARE = 0.6;

/** The command in a binary for macOS that says where its signature is. */
const LC_CODE_SIGNATURE = 0x1d;

/** The processor that the format of a binary names, by system: how to recognize the format, where the number is, which ones there are. */
const FORMATS = {
  linux: {
    has: (bytes) => bytes.readUInt32BE(0) === 0x7f454c46,
    machine: (bytes) => bytes.readUInt16LE(18),
    machines: { x64: 62, arm64: 183 },
  },
  darwin: {
    has: (bytes) => bytes.readUInt32LE(0) === 0xfeedfacf,
    machine: (bytes) => bytes.readUInt32LE(4),
    machines: { x64: 0x01000007, arm64: 0x0100000c },
  },
  win32: {
    has: (bytes) => bytes.readUInt16BE(0) === 0x4d5a && bytes.readUInt32BE(headerOf(bytes)) === 0x50450000,
    machine: (bytes) => bytes.readUInt16LE(headerOf(bytes) + 4),
    machines: { x64: 0x8664 },
  },
};

/**
 * Lists the problems of a binary: another platform's, newer libraries than it may need, another size than expected.
 *
 * @param {Buffer} bytes
 * @param {string} target - a key of `TARGETS`.
 * @returns {string[]} one sentence per problem.
 */
export function wrongBinary(bytes, target) {
  const limit = BINARY_BUDGETS[target];
  const problems = [];
  if (bytes.length > limit) problems.push(`engine.node has ${bytes.length} bytes, and at most ${limit} are expected`);
  if (bytes.length < SMALLEST_SHARE * limit)
    problems.push(`engine.node has ${bytes.length} bytes, far less than the limit of ${limit}`);
  if (!isFor(bytes, target)) problems.push(`engine.node is no binary for ${target}`);
  else if (target === "darwin-arm64" && !isSigned(bytes))
    problems.push("engine.node is not signed: macOS on arm64 loads only what is");
  if (!target.startsWith("linux")) return problems;
  const newest = newestGlibc(bytes);
  if (target.endsWith("-musl") && newest !== undefined) problems.push("engine.node needs glibc");
  else if (newest > NEWEST_GLIBC)
    problems.push(`engine.node needs glibc 2.${newest}: expected 2.${NEWEST_GLIBC} at most`);
  return problems;
}

function isFor(bytes, target) {
  const [os, cpu] = target.split("-");
  try {
    return FORMATS[os].has(bytes) && FORMATS[os].machine(bytes) === FORMATS[os].machines[cpu];
  } catch (error) {
    if (error instanceof RangeError) return false; // it is too short
    throw error;
  }
}

/** Where the header of a binary for Windows begins. */
function headerOf(bytes) {
  return bytes.readUInt32LE(0x3c);
}

/** Whether a binary for macOS has a signature, which the linker makes without a certificate. */
function isSigned(bytes) {
  let at = 32; // after the header
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    if (bytes.readUInt32LE(at) === LC_CODE_SIGNATURE) return true;
    at += bytes.readUInt32LE(at + 4);
  }
  return false;
}

/** Returns the minor version of the newest glibc that a binary names; undefined if it names none. */
function newestGlibc(bytes) {
  const versions = [...bytes.toString("latin1").matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  return versions.length > 0 ? Math.max(...versions) : undefined;
}
