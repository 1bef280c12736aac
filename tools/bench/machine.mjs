/** Describes the machine and its programs for a report. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { join } from "node:path";
import { root } from "../pnpm.mjs";

/** Lists facts about the machine. @returns {string[]} one fact per line. */
export function machineFacts() {
  const system = { linux: "Linux", darwin: "macOS", win32: "Windows" }[platform()] ?? platform();
  return [
    `CPU: ${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} logical cores; ` +
      `${Math.round(totalmem() / 2 ** 30)} GB memory; ${system}, ${arch()}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
  ];
}

/**
 * Finds the measured commit, and whether the packages differ from it; undefined outside a git checkout. A bundle has it in a
 * file.
 */
export function commit() {
  const bundle = join(root, "bundle.json");
  if (existsSync(bundle)) return JSON.parse(readFileSync(bundle, "utf8")).commit;
  const git = (...args) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const changed = git("status", "--porcelain", "--", "packages", "apps").trim() !== "";
    return `${git("rev-parse", "--short=10", "HEAD").trim()}${changed ? ", with changes not committed" : ""}`;
  } catch {
    return undefined;
  }
}

/** Asks a program for its version, on one line; undefined if it does not run. */
export function versionOf(program) {
  try {
    return execFileSync(program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
