/** Helpers for release tests. */
import { execFileSync } from "node:child_process";
import { inject } from "vitest";
import { run } from "../../process.mjs";
import { releasedPackages } from "../packages.mjs";
import { outside } from "../project.mjs";

/** The names of all packages, dependencies first. */
export const names = releasedPackages().map(({ name }) => name);

/**
 * Runs `npm run release` and returns its output and exit status. The first run compiles the kernel for WebAssembly, unless the clone has;
 * later ones skip that, which saves half a minute each.
 */
export function release(userconfig, ...flags) {
  const { clone, kernels } = inject("world");
  const env = { ...outside(userconfig), DNC_KERNELS: kernels };
  return run(["npm", "run", "--silent", "release", "--", ...flags], { cwd: clone, env });
}

/** Reads a package's entry in the registry; undefined if there is none. */
export async function onRegistry(name) {
  const response = await fetch(inject("world").url + name);
  return response.ok ? response.json() : undefined;
}

/** Lists all versions in the registry, by package. */
export async function published() {
  const known = await Promise.all(names.map(onRegistry));
  return Object.fromEntries(names.map((name, index) => [name, Object.keys(known[index]?.versions ?? {})]));
}

/** Lists the tags of the clone, sorted. */
export function tags() {
  return git("tag", "--list").trim().split("\n").filter(Boolean).sort();
}

export function git(...args) {
  return execFileSync("git", args, { cwd: inject("world").clone, encoding: "utf8" });
}
