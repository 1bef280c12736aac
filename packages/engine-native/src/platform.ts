/** Which package has the binary for this machine. */
import { readFileSync } from "node:fs";

/** Platforms that the engine is built for, by the end of their package's name. */
export const PLATFORMS = ["linux-x64", "linux-x64-musl", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];

/**
 * Returns the name of this machine's platform, such as `linux-x64-musl`, whether or not the engine is built for it; in a page,
 * which has no process, that it is one.
 */
export function platformName(): string {
  if (globalThis.process?.platform === undefined) return "a page";
  return `${process.platform}-${process.arch}${process.platform === "linux" && isMusl() ? "-musl" : ""}`;
}

/** Whether this process runs on musl instead of glibc: asks the loader's script, which is fast, then Node's report. */
function isMusl(): boolean {
  try {
    const ldd = readFileSync("/usr/bin/ldd", "latin1");
    if (ldd.includes("musl")) return true;
    if (ldd.includes("GNU C Library")) return false;
  } catch {
    // There need not be one.
  }
  const report = process.report?.getReport() as unknown as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report !== undefined && report.header?.glibcVersionRuntime === undefined;
}
