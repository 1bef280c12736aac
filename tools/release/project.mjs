/** Creates empty projects outside the workspace, like those of users. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contained, home, npmCommand, pnpmCommand } from "../pnpm.mjs";
import { run } from "../process.mjs";

/** The npm settings for network access, the only ones that a project inherits. */
const NETWORK_SETTINGS = /^npm_config_(registry|cafile|proxy|https_proxy|noproxy|strict_ssl|nodedir)$/i;

/**
 * Returns the environment of a user at a new prompt who is logged in to the registry with this configuration file. Not pnpm's NODE_PATH,
 * by which `require` would find the packages of this clone.
 */
export function outside(userconfig) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^((npm|pnpm)_|NODE_PATH$)/i.test(name) || NETWORK_SETTINGS.test(name),
    ),
  );
  return { ...env, npm_config_userconfig: userconfig };
}

/** Package managers: the npm command in READMEs, and pnpm. */
export const MANAGERS = {
  npm: {
    install: (names) => [...npmCommand(), "install", ...names],
    /** Lists the folders of installed packages; npm installs all of them flat or nested in `node_modules`. */
    installed: (project) => Object.keys(readJson(join(project, "package-lock.json")).packages).filter(Boolean),
  },
  pnpm: {
    install: (names) => pnpmCommand(["add", ...names]),
    installed: (project) => {
      const store = join(project, "node_modules/.pnpm");
      return readdirSync(store).flatMap((entry) => packagesIn(join(store, entry, "node_modules"), project));
    },
  },
};

/** Creates an empty project of ES modules. */
export function emptyProject(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "outside", private: true, type: "module" }));
  return folder;
}

/**
 * Installs packages into a project, without running any package's scripts.
 *
 * @param {keyof MANAGERS} manager
 * @param {string[]} names
 * @throws Error with the manager's output if it fails.
 */
export async function install(manager, names, project, { userconfig, caches }) {
  const env = {
    ...contained(outside(userconfig)),
    npm_config_cache: join(caches, "npm"),
    npm_config_cache_dir: join(caches, "pnpm"), // not the usual cache: an earlier registry may have used the same port
    npm_config_store_dir: join(home, "pnpm-store"),
    npm_config_ignore_scripts: "true",
    npm_config_audit: "false", // takes seconds each time; `npm run audit` does it once
  };
  const { status, output } = await run(MANAGERS[manager].install(names), { cwd: project, env });
  if (status !== 0) throw new Error(`${manager} could not install ${names.join(" ")}:\n${output}`);
}

/**
 * Lists every package installed in a project, with its manifest.
 *
 * @returns {Record<string, Record<string, any>[]>} manifests by name, one per version.
 */
export function installedPackages(manager, project) {
  const manifests = MANAGERS[manager]
    .installed(project)
    .map((folder) => join(project, folder, "package.json"))
    .filter(existsSync) // optional ones, for other platforms
    .map(readJson);
  const byName = {};
  for (const manifest of manifests) byName[manifest.name] = [...(byName[manifest.name] ?? []), manifest];
  return byName;
}

/**
 * Lists the packages that must be installed with a package: its dependencies and required peers, recursively. Optional
 * ones count if they are installed.
 *
 * @param {string} name
 * @param {Record<string, Record<string, any>[]>} installed - result of `installedPackages`.
 * @returns {string[]} sorted names, including the package itself.
 */
export function declaredPackages(name, installed) {
  const found = new Set();
  const visit = (each) => {
    if (found.has(each)) return;
    found.add(each);
    for (const manifest of installed[each] ?? []) for (const other of needs(manifest, installed)) visit(other);
  };
  visit(name);
  return [...found].sort();
}

function needs(
  { dependencies, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} },
  installed,
) {
  const needed = Object.keys({ ...dependencies, ...optionalDependencies });
  const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
  return [...needed.filter((other) => !(other in optionalDependencies) || other in installed), ...peers];
}

/** Lists the folders of the packages in a `node_modules` that are not links, relative to the project. */
function packagesIn(modules, project) {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    const place = join(modules, entry.name);
    if (entry.name.startsWith("@")) return packagesIn(place, project);
    return entry.isDirectory() ? [place.slice(project.length + 1)] : [];
  });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
