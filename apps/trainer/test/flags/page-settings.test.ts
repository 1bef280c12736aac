/** What a page makes of the settings that `dnc train` takes and records. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadRunConfig, recordedSettings, resolveSettings, type SettingsSources } from "@dnc/settings";
import { expect, it } from "vitest";
import { readPreset } from "../../src/preset/preset.js";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";

const VALUES = { hidden_size: 8, memory_size: 4, word_size: 4, batch_size: 2, num_training_iterations: 2 };

/** Resolves settings as a page does, and what it would record. */
async function recordOf(sources: SettingsSources): Promise<object> {
  const { settings } = await loadRunConfig(resolveSettings(sources));
  return recordedSettings(settings, { seed: 7, backend: "cpu" });
}

it.each(["copy", "big-repeat-copy", "graph-traversal-lessons", "mini-shrdlu", "babi-1-generated"])(
  "a page records the preset %s as `dnc train` does, and reads what it recorded",
  async (name) => {
    const run = join(temporaryFolder(), "run");
    const flags = Object.entries({ ...VALUES, seed: 7, backend: "cpu" }).map(([flag, value]) => `--${flag}=${value}`);
    const trained = await dnc("train", `--preset=${name}`, ...flags, `--checkpoint_dir=${run}`);
    expect([trained.status, trained.stderr]).toEqual([0, ""]);
    const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
    const state = JSON.parse(readFileSync(join(run, "checkpoints/step-00000002/state.json"), "utf8"));
    const preset = { name, settings: readPreset(name).settings };
    expect(await recordOf({ preset, config: { label: "form", values: VALUES } })).toEqual(config);
    expect(await recordOf({ run: { label: "config.json", values: config } })).toEqual(config);
    expect(await recordOf({ run: { label: "state.json", values: state.config } })).toEqual(config);
  },
);
