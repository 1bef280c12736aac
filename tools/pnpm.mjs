/**
 * Runs the pinned pnpm inside this clone: `node tools/pnpm.mjs install`.
 *
 * The version is pinned by `packageManager` in package.json and installed once into `.tools/`. Caches, stores and
 * configuration of every tool that is started from here are below `.tools/` too, so nothing is written outside the
 * clone.
 */
import "./node-version.mjs";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "./process.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const home = join(root, ".tools");

const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
export const pnpmVersion = packageManager.slice("pnpm@".length).split("+")[0];
const place = join(home, `pnpm-${pnpmVersion}`);
const program = join(place, "node_modules/pnpm/bin/pnpm.cjs");

/** Folders with installed programs, besides the workspace's root. */
const TOOLS = ["build", "testing", "lint", "docs", "release"].map((name) => join(root, "tools", name));

/** Returns the environment for child processes: all tools write below `.tools/`, and `pnpm` is the pinned version. */
export function contained(env = process.env) {
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH"; // "Path" on Windows
  const programs = [place, ...TOOLS].map((folder) => join(folder, "node_modules/.bin"));
  return {
    ...env,
    [path]: [...programs, env[path]].join(delimiter),
    CI: env.CI ?? "1", // no prompts
    XDG_CACHE_HOME: join(home, "xdg/cache"),
    XDG_CONFIG_HOME: join(home, "xdg/config"),
    XDG_DATA_HOME: join(home, "xdg/data"),
    XDG_STATE_HOME: join(home, "xdg/state"),
    NODE_COMPILE_CACHE: join(home, "compile-cache"),
    npm_config_cache: join(home, "npm-cache"),
    npm_config_update_notifier: "false",
    TURBO_CACHE_DIR: join(root, ".turbo/cache"),
    TURBO_CONFIG_DIR_PATH: join(home, "xdg/config/turborepo"),
    TURBO_NO_UPDATE_NOTIFIER: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
  };
}

/**
 * Returns the command line of the pinned pnpm, as program and arguments.
 *
 * @param args - pnpm's arguments.
 */
export function pnpmCommand(args) {
  return [process.execPath, program, ...args];
}

/** Whether the pinned pnpm must be installed. */
export function pnpmIsMissing() {
  return !existsSync(program);
}

/**
 * Installs the pinned pnpm into `.tools/`, atomically.
 *
 * @throws Error with npm's output if npm fails.
 */
export async function installPnpm() {
  const draft = join(home, `draft-pnpm-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  try {
    const options = ["--no-save", "--no-package-lock", "--no-fund", "--no-audit", "--logs-max=0"];
    const command = [...npmCommand(), "install", "--prefix", draft, ...options, `pnpm@${pnpmVersion}`];
    const { status, output } = await run(command, { cwd: draft, env: contained() });
    if (status !== 0)
      throw new Error(`${output}\nCould not install pnpm ${pnpmVersion} with npm: is the npm registry within reach?`);
    if (pnpmIsMissing()) {
      rmSync(place, { recursive: true, force: true });
      renameSync(draft, place);
    }
  } catch (error) {
    if (pnpmIsMissing()) throw error; // otherwise another process was faster
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Returns the command line of npm: the one that started this script, otherwise the one on the path. */
export function npmCommand() {
  const caller = process.env.npm_execpath ?? "";
  return caller.endsWith("npm-cli.js") ? [process.execPath, caller] : ["npm"];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    if (pnpmIsMissing()) await installPnpm();
    const [node, ...args] = pnpmCommand(process.argv.slice(2));
    const done = spawnSync(node, args, { cwd: root, stdio: "inherit", env: contained() });
    if (done.error) throw done.error;
    process.exitCode = done.status ?? 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
