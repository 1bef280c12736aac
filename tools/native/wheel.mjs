/** Downloads the Python wheels of TensorFlow and NVIDIA with pip and unpacks them with Python, of any version. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contained, home } from "../pnpm.mjs";
import { run } from "../process.mjs";
import { NativeError } from "./error.mjs";

/** Python version of the wheels. They differ only in Python modules, which are not needed here. */
const PYTHON = "3.12";
const PLATFORMS = ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"];

/** Python program that unpacks the files of a wheel (a zip archive) whose names match a pattern. */
const UNPACK = `
import re, sys, zipfile
wheel, folder, pattern = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if re.fullmatch(pattern, name): archive.extract(name, folder)
`;

/**
 * Downloads wheels.
 *
 * @param {string[]} requirements - such as `tensorflow_cpu==2.21.0`.
 * @param {string} folder - target folder.
 * @returns {Promise<string[]>} their paths.
 * @throws NativeError if pip fails.
 */
export async function download(requirements, folder) {
  const command = ["-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps"];
  const made = ["--only-binary=:all:", "--implementation=cp", `--python-version=${PYTHON}`];
  const where = [...PLATFORMS.map((platform) => `--platform=${platform}`), `--dest=${folder}`];
  const { status, output } = await python([...command, ...made, ...where, ...requirements]);
  if (status === 0) return wheels(folder);
  const why = /No module named pip/.test(output) ? "Python has no pip" : `pip said: ${lastLine(output)}`;
  throw new NativeError(`cannot get ${requirements.join(", ")}: ${why}; --wheel accepts a downloaded one`);
}

/**
 * Unpacks the files of a wheel whose names match a pattern of Python's `re`.
 *
 * @throws NativeError if it is not a wheel.
 */
export async function unpack(wheel, folder, pattern) {
  const { status, output } = await python(["-c", UNPACK, wheel, folder, pattern]);
  if (status !== 0) throw new NativeError(`cannot take ${wheel} apart: ${lastLine(output)}`);
}

/** Lists the NVIDIA packages that an unpacked wheel of TensorFlow needs on a GPU, with their versions. */
export function nvidiaRequirements(folder) {
  const info = readdirSync(folder).find((name) => name.endsWith(".dist-info"));
  if (info === undefined) return [];
  const metadata = readFileSync(join(folder, info, "METADATA"), "utf8");
  return [...metadata.matchAll(/^Requires-Dist: (nvidia-[^;]+?)\s*;\s*extra == ['"]and-cuda['"]$/gm)].map(
    ([, each]) => each,
  );
}

async function python(args) {
  try {
    // pip's cache would store everything a second time.
    return await run(["python3", ...args], { env: { ...contained(), PIP_NO_CACHE_DIR: "1", TMPDIR: home } });
  } catch (error) {
    throw new NativeError(`Python is needed to get TensorFlow's wheel, and python3 does not start (${error.code})`);
  }
}

function wheels(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  return names.map((name) => join(folder, name));
}

function lastLine(text) {
  return text.trim().split("\n").at(-1) ?? "";
}
