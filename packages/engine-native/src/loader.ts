/** Loads the binary for this machine from its package. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Addon } from "./addon.js";
import { PLATFORMS, platformName } from "./platform.js";

let loaded: Addon | string | undefined;

/**
 * Returns the addon, which is loaded at the first call.
 *
 * @returns the addon, or in a sentence why there is none.
 */
export function loadAddon(): Addon | string {
  loaded ??= addonOrReason(platformName());
  return loaded;
}

function addonOrReason(platform: string): Addon | string {
  if (!PLATFORMS.includes(platform)) return `native engine: expected one of ${PLATFORMS.join(", ")}, got ${platform}`;
  const name = `@dnc/engine-native-${platform}`;
  const require = createRequire(import.meta.url);
  try {
    const binary = join(dirname(require.resolve(`${name}/package.json`)), "engine.node");
    if (!existsSync(binary))
      return `native engine: expected engine.node in ${name}, which \`npm run build:native\` builds`;
    const addon = require(binary) as Addon;
    if (addon.instructionSets().length > 0) return addon;
    return "native engine: expected a processor with AVX2 and FMA, got one without";
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND") return `native engine: expected the package ${name}, which is not installed`;
    return `native engine: expected ${name} to load, got ${message.split("\n")[0]}`;
  }
}
