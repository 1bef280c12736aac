/** The presets' files, for tests. */
import { readdirSync, readFileSync } from "node:fs";
import type { Preset } from "../src/index.js";

const FOLDER = new URL("../presets/", import.meta.url);

/** Every preset, by name. */
export const PRESETS: readonly (readonly [name: string, preset: Preset])[] = readdirSync(FOLDER)
  .sort()
  .map((file) => [file.replace(/\.json$/, ""), JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"))]);
