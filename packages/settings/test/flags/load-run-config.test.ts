/** Tasks and lessons of settings, with and without a machine that reads files. */
import { copy } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { loadRunConfig, type Machine, recordedSettings, resolveSettings, type TaskFlags } from "../../src/index.js";
import { PRESETS } from "../presets.js";

const needsFiles = (flags: unknown) => (flags as TaskFlags | undefined)?.babi_source !== "generated";
const inPage = PRESETS.filter(([, { settings }]) => settings.task !== "babi" || !needsFiles(settings.task_flags));

describe("in a page", () => {
  it.each(inPage)("the preset %s is loaded with its lessons", async (name, { settings }) => {
    const loaded = await loadRunConfig(resolveSettings({ preset: { name, settings } }));
    expect(loaded.config.task.source.name).toBe(settings.task);
    expect(loaded.config.lessons?.tasks.length).toBe(settings.lessons?.length);
    expect(loaded.notices).toEqual([]);
    const recorded = recordedSettings(loaded.settings, { seed: 5, backend: "cpu" });
    expect(recorded).toMatchObject({ ...settings, preset: name, seed: 5, backend: "cpu" });
    expect(Object.values(recorded)).not.toContain(undefined);
  });

  it.each(inPage)("what the preset %s records gives the same run again", async (name, { settings }) => {
    const first = await loadRunConfig(resolveSettings({ preset: { name, settings } }));
    const recorded = recordedSettings(first.settings, { seed: 5, backend: "cpu" });
    const values = JSON.parse(JSON.stringify(recorded));
    const again = await loadRunConfig(resolveSettings({ run: { label: "config.json", values } }), { isRun: true });
    expect(recordedSettings(again.settings, { seed: 5, backend: "cpu" })).toEqual(recorded);
    const data = ({ source: _, ...sizes }: typeof first.config.task) => sizes;
    expect(data(again.config.task)).toEqual(data(first.config.task));
    expect(again.config).toMatchObject({ training: first.config.training, network: first.config.network, seed: 5 });
  });

  it.each([
    [
      { task: "./my-task.mjs" },
      {},
      /^task: expected one of repeat-copy, copy, .* here, got the file \.\/my-task\.mjs$/,
    ],
    [
      { task: "babi" },
      { babi_dir: "tasks" },
      "--babi_source: expected generated, as files cannot be read here, got files",
    ],
    [{ task: "key-value" }, { max_item: 3 }, "task key-value does not have the flag --max_item; did you mean"],
    [{ task: "key-value" }, { max_items: 99 }, "--max_items: expected at most 64, the number of keys, got 99"],
  ])("%j is refused with %j", async (words, taskFlags, message) => {
    await expect(loadRunConfig(resolveSettings({ words, taskFlags }))).rejects.toThrow(message);
  });

  it.each([
    [{ lessons: [{}] }, "lessons: expected a promotion with them, got none"],
    [{ promotion: { every: 1 } }, "promotion: expected only with lessons, got it without"],
    [
      { lessons: [{ num_bits: 3 }, {}], promotion: {} },
      "lessons[0]: expected the input size of the run's task (6), got 5",
    ],
  ])("the lessons %j are refused", async (values, message) => {
    const settings = resolveSettings({ config: { label: "form", values: { task: "copy", ...values } } });
    await expect(loadRunConfig(settings)).rejects.toThrow(message);
  });
});

describe("a machine", () => {
  const sha256 = "0".repeat(64);
  const task = { ...copy({ numBits: 3 }), name: "mine" };
  const machine: Machine = {
    loadTaskFile: async ({ file }) => {
      return {
        source: { name: file, sizes: [], create: () => task },
        task,
        sha256,
        isFunction: true,
        read: new Set(["a"]),
      };
    },
  };
  const settingsWith = (taskFlags: TaskFlags) => resolveSettings({ words: { task: "./mine.mjs" }, taskFlags });

  it("loads the file of a task, whose hash and widths are recorded", async () => {
    const { settings, config } = await loadRunConfig(settingsWith({ a: 1 }), { machine });
    expect(settings).toMatchObject({
      batch_size: 16,
      task_file: { sha256, input_size: task.inputSize, target_size: task.targetSize },
    });
    expect(config.task.source.name).toBe("./mine.mjs");
  });

  it("refuses flags that the file does not read, and other widths than the run's", async () => {
    await expect(loadRunConfig(settingsWith({ b: 1 }), { machine })).rejects.toThrow(
      "./mine.mjs: does not read the flag --b; ",
    );
    const task_file = { sha256, input_size: 99, target_size: task.targetSize };
    const run = { ...settingsWith({ a: 1 }), task_file };
    await expect(loadRunConfig(run, { machine, isRun: true })).rejects.toThrow(
      `./mine.mjs: inputSize: expected 99 as in the run, got ${task.inputSize}`,
    );
  });
});
