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
      ["a 1", "y", "x"],
      ["a 1", "z"],
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

  it("have labels of limited length", () => {
    const configOf = (value: string) => [{ name: "task", value: value.repeat(100) }];
    const groups = groupRuns([runOf("x", { config: configOf("a") }), runOf("y", { config: configOf("b") })]);
    for (const { label } of groups) expect(label.length).toBeLessThanOrEqual(60);
    expect(groups[1].label).toMatch(/^group 2: task b+\.\.\.$/);
  });
});
