/** Finds a C compiler: zig, which builds for every platform, or clang, which builds for this one. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { contained, home } from "../pnpm.mjs";
import { run } from "../process.mjs";

/** The release of zig that pip installs, and the hashes of its wheels, by platform. */
const ZIG = {
  version: "0.17.1",
  wheels: {
    "linux-x64": "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
    "linux-arm64": "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
    "darwin-x64": "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97",
    "darwin-arm64": "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
    "win32-x64": "69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb",
  },
};
const OLDEST_CLANG = 17;

/** The version that `findPinnedZig` finds. */
export const PINNED_VERSION = `zig ${ZIG.version}`;

/** Why the native engine cannot be built here. */
export class BuildError extends Error {}

/**
 * Finds a compiler: a zig that was installed here before or is on the PATH, else the pinned one through pip, else clang.
 *
 * @param {boolean} every - whether it must build for every platform.
 * @returns {Promise<{ kind: "zig" | "clang", command: string[], version: string }>}
 * @throws BuildError if there is none.
 */
export async function findCompiler(every) {
  const installed = zigIn(zigFolder());
  if (installed) return zig([installed]);
  const onPath = await versionOf(["zig", "version"]);
  if (onPath) return { kind: "zig", command: ["zig"], version: `zig ${onPath}` };
  const clang = every ? undefined : await findClang();
  if (clang) return clang;
  return zig([await installZig("found no zig and no clang 17 or newer")]);
}

/**
 * Finds the pinned zig, which pip installs if necessary: released binaries are built with it, whatever else is here.
 *
 * @returns {Promise<{ kind: "zig", command: string[], version: string }>}
 * @throws BuildError if it cannot be had.
 */
export async function findPinnedZig() {
  return zig((await installedPinnedZig()) ?? [await installZig(NO_PINNED_ZIG)]);
}

/** @throws BuildError if `findPinnedZig` would find none and could not get it. Installs nothing. */
export async function assertPinnedZig() {
  if (!(await installedPinnedZig())) await meansToInstall(NO_PINNED_ZIG);
}

const NO_PINNED_ZIG = `found no ${PINNED_VERSION}`;

async function installedPinnedZig() {
  const installed = zigIn(zigFolder());
  if (installed) return [installed];
  return (await versionOf(["zig", "version"])) === ZIG.version ? ["zig"] : undefined;
}

async function zig(command) {
  return { kind: "zig", command, version: `zig ${await versionOf([...command, "version"])}` };
}

/** Finds clang 17 or newer. @returns {Promise<{ kind: "clang", command: string[], version: string } | undefined>} */
export async function findClang() {
  for (const name of ["clang", "clang-22", "clang-21", "clang-20", "clang-19", "clang-18", "clang-17"]) {
    const text = await versionOf([name, "--version"]);
    const version = Number(text?.match(/clang version (\d+)/)?.[1]);
    if (version >= OLDEST_CLANG) return { kind: "clang", command: [name], version: text.split("\n")[0] };
  }
}

/** Returns what a command prints; undefined if it does not start or fails. */
async function versionOf(command) {
  try {
    const { status, output } = await run(command);
    return status === 0 ? output.trim() : undefined;
  } catch {
    return undefined;
  }
}

function zigFolder() {
  return join(home, `ziglang-${ZIG.version}`);
}

function zigIn(folder) {
  const file = join(folder, "ziglang", process.platform === "win32" ? "zig.exe" : "zig");
  return existsSync(file) ? file : undefined;
}

/** @returns the hash of this machine's wheel, and a Python with pip. @throws BuildError that begins with what was `found`. */
async function meansToInstall(found) {
  const hash = ZIG.wheels[`${process.platform}-${process.arch}`];
  if (!hash) throw new BuildError(`${found}, and pip's zig is pinned for ${Object.keys(ZIG.wheels).join(", ")} only`);
  const python = await findPython();
  if (!python) throw new BuildError(`${found}, and no Python with pip to get zig`);
  return { hash, python };
}

/** Installs the pinned zig into `.tools`. @returns its path. */
async function installZig(found) {
  const { hash, python } = await meansToInstall(found);
  const [draft, target] = [`${zigFolder()}.${process.pid}`, zigFolder()];
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    process.stderr.write(`Getting zig ${ZIG.version} with pip ... `);
    const env = { ...contained(), PIP_NO_CACHE_DIR: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
    const wheel = await download(python, draft, env);
    if ((await sha256(wheel)) !== hash)
      throw new BuildError(`ziglang ${ZIG.version}: expected a wheel of SHA-256 ${hash}`);
    await pip(
      python,
      ["install", "--quiet", "--no-deps", "--no-compile", `--target=${join(draft, "zig")}`, wheel],
      env,
    );
    renameSync(join(draft, "zig"), target);
    process.stderr.write("done\n");
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const file = zigIn(target);
  if (!file) throw new BuildError(`ziglang ${ZIG.version}: expected zig in its wheel, got none`);
  return file;
}

async function findPython() {
  for (const name of ["python3", "python"]) if (await versionOf([name, "-m", "pip", "--version"])) return name;
}

async function download(python, folder, env) {
  const options = ["--quiet", "--no-deps", "--only-binary=:all:", `--dest=${folder}`];
  await pip(python, ["download", ...options, `ziglang==${ZIG.version}`], env);
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (!wheel) throw new BuildError("pip: expected a wheel, got none");
  return join(folder, wheel);
}

async function pip(python, args, env) {
  const { status, output } = await run([python, "-m", "pip", ...args], { env });
  if (status !== 0) throw new BuildError(`pip said: ${output.trim().split("\n").at(-1)}`);
}

async function sha256(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
