/** What the native engine is built for: platforms, and the instruction sets of each CPU. */
import { readFileSync } from "node:fs";

/**
 * Platforms by the end of their package's name. `zig` is the name of the target: the oldest system that the binary runs on;
 * `link` are arguments for the linker.
 */
export const TARGETS = {
  "linux-x64": { zig: "x86_64-linux-gnu.2.17", cpu: "x64", link: ["-lm", "-lpthread"] },
  "linux-x64-musl": { zig: "x86_64-linux-musl", cpu: "x64", link: [] },
  "linux-arm64": { zig: "aarch64-linux-gnu.2.17", cpu: "arm64", link: ["-lm", "-lpthread"] },
  "darwin-x64": { zig: "x86_64-macos.11.0", cpu: "x64", link: ["-Wl,-undefined,dynamic_lookup"] },
  "darwin-arm64": { zig: "aarch64-macos.11.0", cpu: "arm64", link: ["-Wl,-undefined,dynamic_lookup"] },
  "win32-x64": { zig: "x86_64-windows-gnu", cpu: "x64", link: ["-lapi-ms-win-core-synch-l1-2-0"] },
};

/** Compiler flags of each instruction set, by CPU. */
export const INSTRUCTION_SETS = {
  x64: {
    avx512: ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mavx512bw", "-mavx2", "-mfma"],
    avx2: ["-mavx2", "-mfma"],
  },
  arm64: { neon: [] },
};

/**
 * Returns the fields of a platform package's manifest that make package managers install it on its platform only.
 *
 * @param {string} target - a key of `TARGETS`.
 * @returns {{ os: string[], cpu: string[], libc?: string[] }} `libc` for Linux only.
 */
export function platformFields(target) {
  const [os] = target.split("-");
  const libc = os === "linux" ? { libc: [target.endsWith("-musl") ? "musl" : "glibc"] } : {};
  return { os: [os], cpu: [TARGETS[target].cpu], ...libc };
}

/** Returns the target of this machine; undefined if there is none. */
export function thisTarget() {
  const name = `${process.platform}-${process.arch}${isMusl() ? "-musl" : ""}`;
  return Object.hasOwn(TARGETS, name) ? name : undefined;
}

/** Whether this process runs on musl instead of glibc. */
function isMusl() {
  if (process.platform !== "linux") return false;
  try {
    return readFileSync("/usr/bin/ldd", "latin1").includes("musl");
  } catch {
    return process.report?.getReport()?.header?.glibcVersionRuntime === undefined;
  }
}
