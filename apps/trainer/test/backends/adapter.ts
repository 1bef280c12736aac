/** Detects a graphics adapter, or the software adapter of Debian's chromium, in a separate process. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const DAWN = new URL("../../dist/backends/dawn.js", import.meta.url);
const LOOK = `const { findAdapter } = await import(${JSON.stringify(DAWN.href)});
process.stdout.write(JSON.stringify(await findAdapter()), () => process.exit(0));`;

/** Environment for processes that use the adapter. */
export const withAdapter =
  process.env.VK_ICD_FILENAMES || !existsSync(SWIFTSHADER)
    ? process.env
    : { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER };

/** Looks for an adapter in a child process. */
export function look(env: NodeJS.ProcessEnv): {
  available: boolean;
  reason?: string;
  fix?: string;
  isSoftware?: boolean;
} {
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", LOOK], { encoding: "utf8", env });
  return stdout === "" ? { available: false } : JSON.parse(stdout);
}

export const hasAdapter = look(withAdapter).available;
