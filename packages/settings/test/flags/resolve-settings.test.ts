/** Settings from parsed objects, as a page has them: of presets, of runs and checkpoints, and of forms. */
import { describe, expect, it } from "vitest";
import { FLAGS } from "../../src/flags/index.js";
import { resolveSettings, type SettingsSources, UsageError } from "../../src/index.js";
import { PRESETS } from "../presets.js";

/** Settings as the config.json of a run has them. */
const RECORDED = {
  task: "key-value",
  hidden_size: 8,
  seed: 3,
  backend: "webgpu",
  task_flags: { max_items: 4 },
  lessons: [{ max_items: 2 }, {}],
  promotion: { metric: "exact match", at_least: 0.9 },
  preset: "key-value",
};

describe("resolveSettings", () => {
  it("has the defaults of all flags without a source", () => {
    const { schedule_iterations, ...settings } = resolveSettings();
    for (const { name, default: value } of FLAGS) if (name in settings) expect(settings).toHaveProperty(name, value);
    expect(Object.keys(settings)).toHaveLength(FLAGS.length - 1);
  });

  it.each(PRESETS)("takes the preset %s, and fills in the rest", (name, { settings }) => {
    const resolved = resolveSettings({ preset: { name, settings } });
    expect(resolved).toMatchObject({ ...settings, preset: name });
    for (const { name: flag } of FLAGS) expect(resolved).toHaveProperty([flag]);
  });

  it("takes the settings of a run with its record, but not what belongs to the process that wrote it", () => {
    const run = { label: "state.json", values: { ...RECORDED, checkpoint_dir: "elsewhere", json: true } };
    const resolved = resolveSettings({ run });
    expect(resolved).toMatchObject(RECORDED);
    expect(resolved).toMatchObject({ checkpoint_dir: undefined, json: false, batch_size: undefined });
  });

  it("prefers the command line to the config, the config to the preset, and the preset to the run", () => {
    const values = (number: number) => ({ label: `source ${number}`, values: { hidden_size: number } });
    const sources: SettingsSources = {
      run: values(1),
      preset: { name: "mine", settings: values(2).values },
      config: values(3),
      words: { hidden_size: "4" },
    };
    const { run, preset, config } = sources;
    expect(resolveSettings({ run }).hidden_size).toBe(1);
    expect(resolveSettings({ run, preset }).hidden_size).toBe(2);
    expect(resolveSettings({ run, preset, config }).hidden_size).toBe(3);
    expect(resolveSettings(sources).hidden_size).toBe(4);
  });

  it("adds flags of the task to those of the run", () => {
    const resolved = resolveSettings({ run: { label: "a run", values: RECORDED }, taskFlags: { key_bits: 5 } });
    expect(resolved.task_flags).toEqual({ max_items: 4, key_bits: 5 });
  });

  it.each([
    [{ values: [1] }, "form.json: expected an object of flag names and values, got [1]"],
    [{ values: { hidden_size: "8" } }, 'form.json: hidden_size: expected an integer of at least 1, got "8"'],
    [{ values: { hiden_size: 8 } }, 'form.json: unknown config key "hiden_size"; did you mean hidden_size?'],
    [{ values: { preset: "No" } }, 'form.json: preset: expected the name of a preset, got "No"'],
    [{ values: { min_length: 3 } }, "form.json: min_length: expected at most max_length (2), got 3"],
    [{ values: null, label: "a\u001b[2J" }, "a\\x1b[2J: expected an object of flag names and values, got null"],
  ])("refuses %j in one sentence that names the source", (given, message) => {
    for (const source of ["config", "run"])
      expect(() => resolveSettings({ [source]: { label: "form.json", ...given } })).toThrow(new UsageError(message));
  });

  it("refuses a preset with the task of another", () => {
    const preset = { name: "mine", settings: { task: "copy" } };
    expect(() => resolveSettings({ preset, words: { task: "repeat-copy" } })).toThrow(
      "--preset: expected only with its task, got mine, whose task is copy, with task repeat-copy",
    );
  });

  it("asks the machine for absolute paths and for its memory", () => {
    const values = { task: "./my-task.mjs" };
    expect(resolveSettings({ config: { label: "c", values } }).task).toBe("./my-task.mjs");
    const machine = { absolutePath: (path: string) => `/absolute/${path}`, memory: 2 ** 20 };
    expect(resolveSettings({ config: { label: "c", values } }, machine).task).toBe("/absolute/./my-task.mjs");
    const large = { words: { memory_size: "1024" } };
    expect(() => resolveSettings(large, machine)).toThrow(/^too large: .* at most the machine's 0\.000977 GiB$/);
    expect(resolveSettings(large).memory_size).toBe(1024);
  });
});
