/** Finds files that import each other in a circle, including type imports. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript-api";
import { root } from "../pnpm.mjs";

/** Reads every source file of packages, apps and tools, by its path from the root. */
export function sourceTexts() {
  const members = ["packages", "apps"].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => `${kind}/${name}/src`),
  );
  const files = [...members, "tools"].flatMap((folder) => {
    const inside = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true }) : [];
    const ours = inside.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/(^|[/\\])node_modules[/\\]/.test(file));
    return ours.map((file) => slashes(join(folder, file)));
  });
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** Lists for each file the files that it imports or re-exports, each once; external modules are left out. */
export function importsOf(texts) {
  const entries = Object.entries(texts).map(([file, text]) => {
    const named = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    const found = named.map((name) => resolve(file, name, texts)).filter((other) => other !== undefined);
    return [file, [...new Set(found)]];
  });
  return Object.fromEntries(entries);
}

/** Finds groups of files that reach each other along imports, sorted; a file that imports itself is a group. */
export function circles(imports) {
  const order = new Map();
  const lowest = new Map();
  const open = [];
  const groups = [];
  const visit = (file) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file));
    open.push(file);
    for (const next of imports[file]) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file), lowest.get(next)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = open.splice(open.indexOf(file)).sort();
    if (group.length > 1 || imports[file].includes(file)) groups.push(group);
  };
  for (const file of Object.keys(imports)) if (!order.has(file)) visit(file);
  return groups.sort();
}

/** Resolves a module specifier to the path of its source, if it is in the workspace. */
function resolve(from, name, texts) {
  if (name.startsWith(".")) return withSource(slashes(join(dirname(from), name)), texts);
  const [, member, entry] = /^@dnc\/([^/]+)(?:\/(.+))?$/.exec(name) ?? [];
  if (member === undefined) return undefined;
  const index = entry === undefined ? "index.js" : `${entry}/index.js`;
  return ["packages", "apps"].map((kind) => withSource(`${kind}/${member}/src/${index}`, texts)).find(Boolean);
}

/** Finds a file by its name, or the TypeScript source from which a file of this name is compiled. */
function withSource(path, texts) {
  return [path, path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".tsx")].find((candidate) => candidate in texts);
}

function slashes(path) {
  return path.replaceAll("\\", "/");
}
