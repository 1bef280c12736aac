/** What the workspace holds, for tests about it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { publicPackages } from "../release/packages.mjs";

/** The libraries that are published each on its own. */
export const libraries = [
  ...["addressing", "access", "controller", "core", "tasks", "training", "checkpoint", "report", "runs"],
];

/** Packages beside the libraries that compute by themselves: our packages and others that their examples need as well. */
export const engines = {
  "engine-tfjs": { ours: ["core"] },
  "engine-wasm": { ours: ["core"] },
  "engine-webgpu": { ours: ["core"], others: ["@tensorflow/tfjs-backend-webgpu", "webgpu"] },
};

/** Those that the tests know, in the order in which the documentation names them. */
const KNOWN = [...libraries, ...Object.keys(engines), "trainer"];

/** Everything that is published: first what is known, in that order. */
export const published = publicPackages()
  .map(({ name }) => name.slice("@dnc/".length))
  .sort((a, b) => rank(a) - rank(b));

function rank(name) {
  return KNOWN.includes(name) ? KNOWN.indexOf(name) : KNOWN.length;
}

/** Folder and manifest of a package, by the name after `@dnc/`. */
export function member(name) {
  const folder = join(root, name === "trainer" ? "apps" : "packages", name);
  return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
}

/** The source files of a package, as text by path. */
export function sources(name) {
  const folder = join(member(name).folder, "src");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".ts"));
  return Object.fromEntries(files.map((file) => [join(folder, file), readFileSync(join(folder, file), "utf8")]));
}

/** The siblings that a package depends on, directly and through others, sorted. */
export function siblings(name) {
  const found = new Set();
  const visit = (current) => {
    for (const dependency of Object.keys(member(current).manifest.dependencies ?? {})) {
      if (!dependency.startsWith("@dnc/") || found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency.slice("@dnc/".length));
    }
  };
  visit(name);
  return [...found].sort();
}
