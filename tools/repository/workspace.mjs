/** The contents of the workspace, for tests. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pnpm.mjs";
import { publicPackages } from "../release/packages.mjs";

/** The libraries that are published each on its own. */
export const libraries = [
  ...["addressing", "access", "controller", "core", "tasks", "training", "checkpoint", "report", "runs", "settings"],
  "pretrained",
];

/** The engines, and the kernel that some of them share: our packages and others that their examples also need. */
export const engines = {
  "engine-tfjs": { ours: ["core"] },
  kernel: { ours: ["core"] },
  "engine-wasm": { ours: ["core"] },
  "engine-native": { ours: ["core"] },
  "engine-webgpu": { ours: ["core"], others: ["@tensorflow/tfjs-backend-webgpu", "webgpu"] },
};

/** The programs, which are published too. */
export const apps = ["inspector", "trainer"];

/** Packages known to the tests, in the order of the documentation. */
const KNOWN = [...libraries, ...Object.keys(engines), ...apps];

/** All published packages: first the known ones, in that order. */
export const published = publicPackages()
  .map(({ name }) => name.slice("@dnc/".length))
  .sort((a, b) => rank(a) - rank(b));

function rank(name) {
  return KNOWN.includes(name) ? KNOWN.indexOf(name) : KNOWN.length;
}

/** Finds folder and manifest of a package, by the name after `@dnc/`. */
export function member(name) {
  const folder = join(root, apps.includes(name) ? "apps" : "packages", name);
  return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
}

/** Reads the source files of a package, by path. */
export function sources(name) {
  const folder = join(member(name).folder, "src");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".ts"));
  return Object.fromEntries(files.map((file) => [join(folder, file), readFileSync(join(folder, file), "utf8")]));
}

/** Lists the siblings that a package depends on, directly or indirectly, sorted. */
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
