/** Installs Ray with pip into a virtual environment of this clone. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { contained, home } from "../pnpm.mjs";
import { run } from "../process.mjs";

/** The version that is tested. */
export const RAY = "2.60.0";

const LAST_LINE = /[^\n]*$/;

/**
 * Installs Ray once.
 *
 * @returns {Promise<{ ray: string } | { missing: string }>} the path of its program, or why there is none.
 */
export async function installRay() {
  const place = join(home, `ray-${RAY}`);
  const program = join(place, "bin/ray");
  if (existsSync(join(place, "complete"))) return { ray: program };
  rmSync(place, { recursive: true, force: true });
  const made = await attempt(["python3", "-m", "venv", place]);
  if (made !== undefined) return { missing: `Python with venv: ${made}` };
  const python = join(place, "bin/python");
  const pip = await attempt([
    python,
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    `ray[default]==${RAY}`,
  ]);
  if (pip !== undefined) return { missing: `the wheel of Ray ${RAY}: ${pip}` };
  // Written last: an installation that was interrupted is made again.
  const mark = await attempt([python, "-c", `open(${JSON.stringify(join(place, "complete.new"))}, "w").close()`]);
  if (mark !== undefined) return { missing: `a writable folder: ${mark}` };
  renameSync(join(place, "complete.new"), join(place, "complete"));
  return { ray: program };
}

/** Runs a program; returns the last line of its output if it fails. */
async function attempt(command) {
  try {
    const { status, output } = await run(command, { env: contained() });
    return status === 0 ? undefined : LAST_LINE.exec(output.trim())[0];
  } catch (error) {
    return error.message;
  }
}
