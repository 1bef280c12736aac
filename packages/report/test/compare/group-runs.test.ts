import { describe, expect, it } from "vitest";
import { groupRuns, sharedSettings } from "../../src/compare/group-runs.js";
import { runOf } from "./support.js";

describe("groups of runs", () => {
  it("are runs with the same settings, in any order of the settings, by seed", () => {
    const config = [
      { name: "a", value: 1 },
      { name: "b", value: { c: [2] } },
    ];
    const groups = groupRuns([
      runOf("x", { seed: 2, config }),
      runOf("y", { seed: 1, config: config.toReversed() }),
      runOf("z", { seed: 1, config: [{ name: "a", value: "1" }, config[1]] }),
    ]);
    expect(groups.map(({ label, runs }) => [label, ...runs.map(({ name }) => name)])).toEqual([
      ["group 1: a 1", "y", "x"],
      ["group 2: a 1", "z"],
    ]);
    expect(sharedSettings(groups).map(({ name }) => name)).toEqual(["b"]);
  });

  it("are labelled by what differs: a switch is on or off, a setting of one task only is left out", () => {
    const groups = groupRuns([
      runOf("x", {
        config: [
          { name: "masking", value: true },
          { name: "repeats", value: 2 },
        ],
      }),
      runOf("y", { config: [{ name: "masking", value: false }] }),
    ]);
    expect(groups.map(({ label }) => label)).toEqual(["masking on, repeats 2", "masking off"]);
    expect(groupRuns([runOf("x"), runOf("y", { seed: 2 })]).map(({ label }) => label)).toEqual(["all runs"]);
  });

  it("have short labels if they differ in much: without settings of one network only, then without defaults", () => {
    const memory = ["memory_size", "word_size", "num_write_heads", "num_read_heads"].map((name) => ({
      name,
      value: 16,
    }));
    const network = (value: string) => ({ name: "network", value });
    const baseline = groupRuns([
      runOf("x", { config: [network("dnc"), ...memory] }),
      runOf("y", { config: [network("lstm")] }),
    ]);
    expect(baseline.map(({ label }) => label)).toEqual(["network dnc", "network lstm"]);

    const switches = ["masking", "deallocation", "sharpness", "no_links", "something_else"];
    const variant = (on: string) =>
      runOf(on, { config: switches.map((name) => ({ name, value: name === on, isDefault: name !== on })) });
    const variants = groupRuns(["none", ...switches].map(variant));
    expect(variants.map(({ label }) => label)).toEqual([
      "group 1: the defaults",
      ...switches.map((name) => `${name} on`),
    ]);
  });

  it("have different labels if they differ only in whether they have a setting", () => {
    const long = { name: "task_flags", value: "x".repeat(80) };
    const other = { name: "a", value: 1 };
    const groups = groupRuns([runOf("x", { config: [other, long] }), runOf("y", { config: [other] })]);
    expect(groups.map(({ label }) => label)).toEqual([
      expect.stringMatching(/^group 1: task_flags x{30,}\.\.\.$/),
      "group 2: the defaults",
    ]);
  });

  it("have labels of limited length", () => {
    const configOf = (value: string) => [{ name: "task", value: value.repeat(100) }];
    const groups = groupRuns([runOf("x", { config: configOf("a") }), runOf("y", { config: configOf("b") })]);
    for (const { label } of groups) expect(label.length).toBeLessThanOrEqual(60);
    expect(groups[1].label).toMatch(/^group 2: task b+\.\.\.$/);
  });
});
