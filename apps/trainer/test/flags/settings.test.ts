import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@dnc/settings";
import { FLAGS } from "@dnc/settings/flags";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSettings, settingsOfRun } from "../../src/flags/settings.js";
import { isUsageError } from "../../src/usage-error.js";
import { temporaryFolder } from "../support.js";

function configFile(content: string): string {
  const path = join(temporaryFolder(), "config.json");
  writeFileSync(path, content);
  return path;
}

describe("a config file", () => {
  it("can begin with a byte-order mark", () => {
    expect(readSettings({}, configFile('\ufeff{ "seed": 3 }')).seed).toBe(3);
  });

  it("gives an error in one sentence for any invalid JSON", () => {
    const names = fc.constantFrom(...FLAGS.map(({ name }) => name), "toString", "__proto__", "constructor", "a");
    const document = fc.oneof(fc.dictionary(names, fc.jsonValue()), fc.jsonValue());
    const path = configFile("");
    fc.assert(
      fc.property(document, (value) => {
        writeFileSync(path, JSON.stringify(value));
        for (const read of [() => readSettings({}, path), () => settingsOfRun(path)]) {
          try {
            read();
          } catch (error) {
            expect(error).toSatisfy(isUsageError);
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("treats -0 and 0 as equal, like the command line", () => {
    const path = configFile('{ "clip_value": -0, "checkpoint_interval": -0.0 }');
    const { clip_value, checkpoint_interval, seed } = readSettings({ seed: "-0" }, path);
    expect([clip_value, checkpoint_interval, seed]).toStrictEqual([0, 0, 0]);
    expect(readSettings({ seed: "-0e5", clip_value: "-1e-400" })).toMatchObject({ seed: 0, clip_value: 0 });
  });

  it("sets flags, and the command line wins", () => {
    const path = configFile('{ "memory_size": 32, "word_size": 8, "json": true, "backend": "cpu" }');
    expect(readSettings({ word_size: "4" }, path)).toEqual({
      ...readSettings({}),
      memory_size: 32,
      word_size: 4,
      json: true,
      backend: "cpu",
    });
  });

  it.each([
    ['{ "memory_size": "32" }', 'memory_size: expected an integer of at least 1, got "32"'],
    ['{ "memory_size": null }', "memory_size: expected an integer of at least 1, got null"],
    ['{ "memory_size": [16] }', "memory_size: expected an integer of at least 1, got [16]"],
    ['{ "clip_value": 1e-46 }', "clip_value: expected a number of at least 0 in float32, got 1e-46, which is 0 there"],
    ['{ "learning_rate": 1e-50 }', "learning_rate: expected a number above 0 in float32, got 1e-50, which is 0 there"],
    ['{ "json": "true" }', 'json: expected true or false, got "true"'],
    ['{ "checkpoint_dir": 3 }', "checkpoint_dir: expected the name of a folder, got 3"],
    ['{ "memory-size": 32 }', 'unknown config key "memory-size"; did you mean memory_size?'],
    ['{ "config": "other.json" }', 'unknown config key "config"; `dnc train --help` lists them all'],
    ['{ "__proto__": { "json": true } }', 'unknown config key "__proto__"; `dnc train --help` lists them all'],
    ['{ "min_length": 3 }', "min_length: expected at most max_length (2), got 3"],
    ['{ "task": "copy", "min_repeats": 1 }', "min_repeats: expected only with task repeat-copy, got it with task copy"],
    ['{ "checkpoint_dir": "file:///x" }', "checkpoint_dir: expected the name of a folder, got the URL file:///x"],
    ['{ "checkpoint_dir": "--seed=3" }', "checkpoint_dir: expected the name of a folder, got the flag --seed=3"],
    ['{ "checkpoint_dir": "a\\u0000b" }', 'checkpoint_dir: expected the name of a folder, got "a\\u0000b"'],
    ['{ "checkpoint_dir": "" }', "checkpoint_dir: expected the name of a folder, got nothing"],
    [
      `{ "seed": ${"[".repeat(100_000)}${"]".repeat(100_000)} }`,
      "seed: expected an integer from 0 to 2147483647, got a deep array",
    ],
    [
      `{ "task": ${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)} }`,
      "task: expected one of repeat-copy, copy, associative-recall, dynamic-n-grams, priority-sort, key-value, two-way-key-value, big-repeat-copy, dynamic-allocation, ntm-repeat-copy, graph-traversal, inference, shortest-path, babi, mini-shrdlu, or a file such as ./my-task.mjs, got a deep object",
    ],
    [`${"[".repeat(100_000)}${"]".repeat(100_000)}`, "expected an object of flag names and values, got a deep array"],
    ['{ "\\u001b[2J\\u202e": 1 }', 'unknown config key "\\u001b[2J\\u202e"; `dnc train --help` lists them all'],
    [
      '{ "task": { "toString": 1 } }',
      'task: expected one of repeat-copy, copy, associative-recall, dynamic-n-grams, priority-sort, key-value, two-way-key-value, big-repeat-copy, dynamic-allocation, ntm-repeat-copy, graph-traversal, inference, shortest-path, babi, mini-shrdlu, or a file such as ./my-task.mjs, got {"toString":1}',
    ],
    ["[1]", "expected an object of flag names and values, got [1]"],
    ["null", "expected an object of flag names and values, got null"],
  ])("is strict about %s", (content, message) => {
    const path = configFile(content);
    expect(() => readSettings({}, path)).toThrow(new UsageError(`${path}: ${message}`));
  });

  it("attributes an error to the source that wins: the command line", () => {
    const path = configFile('{ "min_length": 3, "max_length": 4 }');
    expect(() => readSettings({ max_length: "2" }, path)).toThrow(
      new UsageError("--max_length: expected at least min_length (3), got 2"),
    );
  });

  it("sets only flags of its own task, even if the command line chooses another", () => {
    const path = configFile('{ "task": "repeat-copy", "min_repeats": 3, "max_repeats": 4, "num_bits": 2 }');
    expect(readSettings({ task: "copy" }, path)).toEqual({ ...readSettings({ task: "copy" }), num_bits: 2 });
    expect(readSettings({ task: "repeat-copy" }, path)).toMatchObject({ min_repeats: 3, max_repeats: 4 });
    expect(() => readSettings({ task: "copy", min_repeats: "2" }, path)).toThrow("--min_repeats: expected only with");
  });

  it("has flags of a task's file only with such a task", () => {
    const path = configFile('{ "task_flags": { "my_size": 2 } }');
    expect(() => readSettings({}, path)).toThrow(
      `${path}: task_flags: expected only with a task that has flags of its own, got it with task repeat-copy`,
    );
    expect(readSettings({ task: "./my-task.mjs" }, path)).toMatchObject({ task_flags: { my_size: 2 } });
  });

  it("must be JSON", () => {
    const path = configFile('{ "memory_size": 32, }');
    expect(() => readSettings({}, path)).toThrow(`${path}: expected JSON, got `);
  });

  it("must be readable", () => {
    expect(() => readSettings({}, "/nowhere/config.json")).toThrow(
      '--config: expected a readable file, got "/nowhere/config.json" (ENOENT',
    );
    expect(() => readSettings({}, temporaryFolder())).toThrow("--config: expected a plain file, got a folder (");
  });
});
