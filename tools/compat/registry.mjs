/** Queries of the npm registry, through npm. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { contained, home, npmCommand } from "../pnpm.mjs";
import { run } from "../process.mjs";

/**
 * Lists every version of a package.
 *
 * @throws Error with npm's output.
 */
export async function publishedVersions(name) {
  return [JSON.parse(await npm(["view", name, "versions", "--json"]))].flat();
}

/**
 * Downloads a package to `.tools/` once, without running its install scripts.
 *
 * @returns {Promise<string>} its folder.
 * @throws Error with npm's output.
 */
export async function fetchPackage(name, version) {
  const place = join(home, `${name}-${version}`);
  const folder = join(place, "node_modules", name);
  if (existsSync(folder)) return folder;
  const draft = `${place}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-fund", "--no-audit", "--logs-max=0"];
    await npm(["install", "--prefix", draft, ...options, `${name}@${version}`]);
    if (existsSync(folder)) return folder; // another process was faster, and may be using it
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

async function npm(args) {
  const { status, output } = await run([...npmCommand(), ...args, "--loglevel=error"], { env: contained() }); // no warnings in what is parsed
  if (status !== 0) throw new Error(`${output}\nnpm ${args.slice(0, 2).join(" ")} failed with status ${status}`);
  return output;
}
