/** Whether this machine has a graphics adapter, or Debian's chromium with its software one, found in a process of its own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const DAWN = new URL("../../dist/backends/dawn.js", import.meta.url);
const LOOK = `const { findAdapter } = await import(${JSON.stringify(DAWN.href)});
process.stdout.write(JSON.stringify(await findAdapter()), () => process.exit(0));`;

/** The environment for processes that are to find the adapter. */
export const withAdapter =
  process.env.VK_ICD_FILENAMES || !existsSync(SWIFTSHADER)
    ? process.env
    : { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER };

/** What a process finds. */
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
