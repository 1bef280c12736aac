/**
 * Runs the pinned pnpm inside this clone: `node tools/pnpm.mjs install`.
 *
 * The pin is `packageManager` in package.json; that version is installed once
 * into `.tools/`. Caches, stores and configuration of every tool that is started
 * from here stay below `.tools/` too, so nothing is written outside the clone.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const home = join(root, ".tools");

/** The environment for child processes: every tool's own files go below `.tools/`. */
export function contained(env = process.env) {
  return {
    ...env,
    CI: env.CI ?? "1", // no prompts
    XDG_CACHE_HOME: join(home, "xdg/cache"),
    XDG_CONFIG_HOME: join(home, "xdg/config"),
    XDG_DATA_HOME: join(home, "xdg/data"),
    XDG_STATE_HOME: join(home, "xdg/state"),
    npm_config_cache: join(home, "npm-cache"),
    npm_config_update_notifier: "false",
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    TURBO_CACHE_DIR: join(root, ".turbo/cache"),
    DO_NOT_TRACK: "1",
  };
}

/**
 * Runs pnpm in the clone's root and waits for it.
 *
 * @param args - pnpm's arguments.
 * @param quiet - true: output is shown only if pnpm fails.
 * @throws Error if pnpm cannot be started or fails.
 */
export function pnpm(args, { quiet = false } = {}) {
  const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const done = spawnSync(process.execPath, [pnpmProgram(), ...args], { cwd: root, stdio, env: contained() });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    if (quiet) process.stderr.write(`${done.stdout}${done.stderr}`);
    throw new Error(`pnpm ${args.join(" ")} failed with status ${done.status ?? done.signal}`);
  }
}

/** The pinned pnpm's program file, installed first if it is not there yet. */
function pnpmProgram() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = packageManager.slice("pnpm@".length).split("+")[0];
  const place = join(home, `pnpm-${version}`);
  const program = join(place, "node_modules/pnpm/bin/pnpm.cjs");
  if (!existsSync(program)) {
    process.stderr.write(`Installing pnpm ${version} into .tools\n`);
    const draft = `${place}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    const npm = ["install", "--prefix", draft, "--no-save", "--no-package-lock", "--no-fund", "--no-audit"];
    const windows = process.platform === "win32";
    const done = spawnSync("npm", [...npm, `pnpm@${version}`], {
      cwd: draft,
      stdio: ["ignore", "ignore", "inherit"],
      env: contained(),
      shell: windows,
    });
    if (done.error || done.status !== 0) {
      rmSync(draft, { recursive: true, force: true });
      throw new Error(`could not install pnpm ${version} with npm: is the npm registry within reach?`);
    }
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
  }
  return program;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    pnpm(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
