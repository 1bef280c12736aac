/** Reads the presets that come with `@dnc/settings`. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { formatValue } from "@dnc/report";
import { closest, type Preset, UsageError } from "@dnc/settings";

/** Lists the names of all presets. */
export function presetNames(): readonly string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

/**
 * Reads a preset.
 *
 * @throws UsageError if there is none of this name.
 */
export function readPreset(name: string): Preset {
  const names = presetNames();
  if (names.includes(name)) return JSON.parse(readFileSync(join(folder(), `${name}.json`), "utf8"));
  const suggestion = closest(name, names);
  const hint = suggestion === undefined ? "`dnc presets` lists them all" : `did you mean ${suggestion}?`;
  throw new UsageError(`unknown preset ${formatValue(name)}; ${hint}`);
}

/** Returns the folder with the files of the presets. */
function folder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("@dnc/settings/package.json")), "presets");
}
