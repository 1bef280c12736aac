import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordedSettings, UsageError } from "@dnc/settings";
import { describe, expect, it } from "vitest";
import { checkSameRun, readRunConfig, resumeSettings } from "../../src/flags/run-config.js";
import { readSettings } from "../../src/flags/settings.js";
import { smallSettings, temporaryFolder } from "../support.js";

describe("recordedSettings", () => {
  const resolved = { seed: 3, backend: "cpu" };

  it("is a config file that repeats the run", () => {
    const settings = readSettings({
      memory_size: "8",
      checkpoint_dir: "here",
      json: true,
      engine: "wasm",
      threads: "2",
    });
    const path = join(temporaryFolder(), "config.json");
    writeFileSync(path, JSON.stringify(recordedSettings(settings, resolved)));
    expect(readSettings({}, path)).toEqual({
      ...settings,
      ...resolved,
      checkpoint_dir: undefined,
      engine: "auto",
      threads: undefined,
      json: false,
    });
  });

  it("leaves out what the task does not have", () => {
    expect(Object.keys(recordedSettings(readSettings({ task: "copy" }), resolved))).not.toContain("max_repeats");
  });
});

describe("resumeSettings", () => {
  const recorded = smallSettings({ seed: "3", backend: "cpu" });

  it("takes changeable settings, and the run's own seed and backend by default", () => {
    const requested = smallSettings({
      num_training_iterations: "7",
      report_interval: "5",
      checkpoint_interval: "2",
      keep_checkpoints: "1",
      threads: "2",
    });
    expect(resumeSettings("runs/a", recorded, requested)).toEqual({ ...requested, seed: 3, backend: "cpu" });
    const node = smallSettings({ backend: "node" });
    expect(resumeSettings("runs/a", recorded, node)).toMatchObject({ backend: "node" });
  });

  it("lists every other difference with both values", () => {
    const requested = smallSettings({ seed: "4", memory_size: "32", learning_rate: "0.5" });
    expect(() => resumeSettings("runs/a", recorded, requested)).toThrow(
      new UsageError(
        [
          "runs/a holds a run of other parameters; nothing was changed there:",
          "  memory_size    4 recorded, 32 requested",
          "  learning_rate  0.0001 recorded, 0.5 requested",
          "  seed           3 recorded, 4 requested",
        ].join("\n"),
      ),
    );
  });

  it("reports another task by its name, not by settings that only one of the two has", () => {
    const copy = smallSettings({ seed: "3", task: "copy" });
    expect(() => resumeSettings("runs/a", recorded, copy)).toThrow(
      /there:\n {2}task {2}repeat-copy recorded, copy requested$/,
    );
    expect(() => checkSameRun("runs/a", copy, copy)).not.toThrow();
  });
});

describe("readRunConfig", () => {
  it("refuses a config that is not of a run", () => {
    const folder = temporaryFolder();
    expect(() => readRunConfig(folder)).toThrow(UsageError);
    writeFileSync(join(folder, "config.json"), "{}");
    expect(() => readRunConfig(folder)).toThrow(
      `expected the folder of a run, got ${folder}, whose config.json has no seed`,
    );
  });
});
