/** The presets that come with the trainer, and `dnc presets`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadTask, METRICS } from "@dnc/settings";
import { flagNamed, type Settings } from "@dnc/settings/flags";
import { describe, expect, it } from "vitest";
import { readCommandLine } from "../../src/flags/command-line.js";
import { GROUP } from "../../src/grade/measure.js";
import { machine } from "../../src/machine.js";
import { presetNames, readPreset } from "../../src/preset/preset.js";
import { dnc } from "../commands/saved-run.js";
import { temporaryFolder } from "../support.js";
import { babiFilesFor } from "../task/babi-folder.js";

function settingsOf(...args: readonly string[]): Settings {
  const request = readCommandLine(["train", ...args]);
  if (request.command !== "train") throw new Error("expected dnc train");
  return request.settings;
}

const small = ["--hidden_size=8", "--memory_size=4", "--word_size=4", "--batch_size=2", "--seed=1", "--backend=cpu"];
const short = ["--num_training_iterations=2", "--report_interval=1"];

describe.each(presetNames())("the preset %s", (name) => {
  const { settings, grade, description, source, minutes } = readPreset(name);
  const files = () => Object.entries(babiFilesFor(settings)).map(([flag, folder]) => `--${flag}=${folder}`);

  it("has settings that `dnc train` takes, and records", async () => {
    const { settings: loaded } = await loadTask(settingsOf(`--preset=${name}`, ...files()), { machine });
    expect(loaded).toMatchObject({ ...settings, preset: name });
    expect(description.length).toBeGreaterThan(10);
    expect(source).toMatch(/ 20\d\d, /);
    expect(minutes === null || (minutes > 0 && minutes <= 60)).toBe(true);
    const wasRun = existsSync(new URL(`../../../../bench/results/tasks/${name}-seed-1.json`, import.meta.url));
    expect([wasRun, minutes]).not.toEqual([true, null]);
  });

  it("has a grade on sequences that its task has", async () => {
    expect(grade.length).toBeGreaterThan(0);
    for (const { metric, sequences, settings: changes = {}, atLeast, atMost } of grade) {
      expect(METRICS).toContain(metric);
      if (metric.endsWith("error")) expect(sequences).toBe("all");
      else expect([Number(sequences) % GROUP, Number(sequences) >= 100]).toEqual([0, true]);
      expect([atLeast, atMost].filter((bound) => bound === undefined)).toHaveLength(1);
      const own = Object.entries(changes).filter(([flag]) => flagNamed(flag) === undefined);
      const words = Object.entries(changes).map(([flag, value]) => `--${flag}=${value}`);
      const { settings: loaded } = await loadTask(settingsOf(`--preset=${name}`, ...files(), ...words), { machine });
      expect(loaded.task_flags ?? {}).toMatchObject(Object.fromEntries(own));
    }
  });
});

describe("--preset", () => {
  it("gives way to a config file and to the command line", () => {
    const preset = readPreset("associative-recall").settings;
    const settings = settingsOf("--preset=associative-recall", "--hidden_size=9", "--max_items=3");
    expect(settings).toMatchObject({
      ...preset,
      hidden_size: 9,
      task_flags: { ...(preset.task_flags as object), max_items: 3 },
    });
  });

  it("turns off what a preset turns on", () => {
    expect(readPreset("big-repeat-copy").settings).toMatchObject({ sharpness: true, deallocation: true });
    const settings = settingsOf("--preset=big-repeat-copy", "--sharpness=false", "--deallocation=false", "--no_links");
    expect(settings).toMatchObject({ sharpness: false, deallocation: false, no_links: true });
    expect(settingsOf("--preset=key-value", "--masking=false").masking).toBe(false);
    expect(() => settingsOf("--sharpness=3")).toThrow('--sharpness: expected true or false, got "3"');
  });

  it.each([
    [["--preset=asociative-recall"], 'unknown preset "asociative-recall"; did you mean associative-recall?'],
    [["--preset=x"], 'unknown preset "x"; `dnc presets` lists them all'],
    [
      ["--preset=copy", "--task=repeat-copy"],
      "--preset: expected only with its task, got copy, whose task is copy, with task repeat-copy",
    ],
    [["--preset=copy", "--max_items=3"], 'unknown flag "--max_items"; `dnc train --help` lists them all'],
    [["--preset"], "--preset: expected the name of a preset, got nothing"],
  ])("of %j is refused", (args, message) => {
    expect(() => settingsOf(...args)).toThrow(message);
  });

  it("is recorded, and is still recorded when the run is resumed without it", async () => {
    const run = join(temporaryFolder(), "run");
    const recorded = () => JSON.parse(readFileSync(join(run, "config.json"), "utf8")).preset;
    const args = ["--preset=copy", ...small, ...short, `--checkpoint_dir=${run}`];
    expect(await dnc("train", ...args)).toMatchObject({ status: 0 });
    expect(recorded()).toBe("copy");
    expect(await dnc("train", `--resume=${run}`, "--num_training_iterations=3")).toMatchObject({ status: 0 });
    expect(recorded()).toBe("copy");
    expect(settingsOf(`--config=${join(run, "config.json")}`).preset).toBe("copy");
    expect(settingsOf(`--config=${join(run, "config.json")}`, "--task=repeat-copy").preset).toBeUndefined();
  });
});

describe("dnc presets", () => {
  it("lists all of them, with their time", async () => {
    const { status, stdout } = await dnc("presets");
    const lines = stdout.trimEnd().split("\n");
    expect(status).toBe(0);
    expect(lines.map((line) => line.split(" ")[0])).toEqual(presetNames());
    for (const line of lines) expect(line).toMatch(/ \((\d[\d.]* minutes|not run here)\)$/);
  });

  it("shows one, with its settings and its grade", async () => {
    const { stdout } = await dnc("presets", "--show=copy");
    expect(stdout).toMatch(/^max_length +20$/m);
    expect(stdout).toMatch(/^length 40 +exact match at least 95\.0% on 1000 new sequences$/m);
    expect(JSON.parse((await dnc("presets", "--show=copy", "--json")).stdout)).toEqual(readPreset("copy"));
    expect(Object.keys(JSON.parse((await dnc("presets", "--json")).stdout))).toEqual(presetNames());
    const { status, stderr } = await dnc("presets", "--show=copi");
    expect([status, stderr]).toEqual([2, 'dnc: unknown preset "copi"; did you mean copy?\n']);
  });
});
