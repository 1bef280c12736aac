/** The machine and the programs on it, in words for a report. */
import { execFileSync } from "node:child_process";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { root } from "../pnpm.mjs";

/** @returns {string[]} one fact a line. */
export function machineFacts() {
  const system = { linux: "Linux", darwin: "macOS", win32: "Windows" }[platform()] ?? platform();
  return [
    `CPU: ${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} logical cores; ` +
      `${Math.round(totalmem() / 2 ** 30)} GB memory; ${system}, ${arch()}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
  ];
}

/** The commit that was measured, and whether the packages differed from it; undefined outside a git checkout. */
export function commit() {
  const git = (...args) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const changed = git("status", "--porcelain", "--", "packages", "apps").trim() !== "";
    return `${git("rev-parse", "--short=10", "HEAD").trim()}${changed ? ", with changes not committed" : ""}`;
  } catch {
    return undefined;
  }
}

/** What a program says of its version, on one line; undefined if it does not run. */
export function versionOf(program) {
  try {
    return execFileSync(program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
