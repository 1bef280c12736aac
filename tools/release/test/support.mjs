/** What a release changes, and how one is made. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { inject } from "vitest";
import { run } from "../../process.mjs";
import { publicPackages } from "../packages.mjs";
import { outside } from "../project.mjs";

/** The names of all packages, dependencies first. */
export const names = publicPackages().map(({ name }) => name);

/** What `npm run release` says and how it ends. The first compiles the kernel; those after it need not, half a minute each. */
export function release(userconfig, ...flags) {
  const { clone, place } = inject("world");
  const env = { ...outside(userconfig), DNC_KERNELS: process.env.DNC_KERNELS ?? join(place, "kernels") };
  return run(["npm", "run", "--silent", "release", "--", ...flags], { cwd: clone, env });
}

/** What the registry knows of a package; undefined if it knows nothing. */
export async function onRegistry(name) {
  const response = await fetch(inject("world").url + name);
  return response.ok ? response.json() : undefined;
}

/** All versions that the registry has, by package. */
export async function published() {
  const known = await Promise.all(names.map(onRegistry));
  return Object.fromEntries(names.map((name, index) => [name, Object.keys(known[index]?.versions ?? {})]));
}

/** The tags of the clone, sorted. */
export function tags() {
  return git("tag", "--list").trim().split("\n").filter(Boolean).sort();
}

export function git(...args) {
  return execFileSync("git", args, { cwd: inject("world").clone, encoding: "utf8" });
}
