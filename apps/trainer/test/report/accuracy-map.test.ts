import { describe, expect, it, onTestFinished } from "vitest";
import { evaluate, evaluationRandom } from "../../src/evaluation.js";
import { createCore, createTask } from "../../src/model.js";
import { mapSizes, mapTable, measureMap } from "../../src/report/accuracy-map.js";
import { smallSettings } from "../support.js";

describe("the map of accuracy", () => {
  it("has every size, or where these are many some of them with the last and those that matter", () => {
    expect(mapSizes(4, [1, 2])).toEqual([1, 2, 3, 4]);
    expect(mapSizes(16, [])).toHaveLength(16);
    const many = mapSizes(100, [9, 50, 200]);
    expect([many.length, many[0], many.at(-1)]).toEqual([18, 1, 100]);
    expect(many).toEqual(expect.arrayContaining([9, 50]));
  });

  it("has in each cell what an evaluation of exactly that size finds", async () => {
    const settings = smallSettings({ task: "copy", num_bits: "1" });
    const core = createCore(settings, createTask(settings), 1);
    onTestFinished(() => core.dispose());
    const sizes = { lengths: [1, 2], repeats: undefined, sequences: 30, seed: 2 };
    const { solved } = await measureMap(core, settings, sizes);
    const exact = { ...settings, min_length: 2, max_length: 2 };
    const score = await evaluate(core, exact, evaluationRandom(2), 30);
    expect(solved).toHaveLength(1);
    expect(solved[0][1]).toBe(score.exactMatch / 30);
    expect(solved[0][0]).toBeGreaterThan(0);
  });

  it("outlines what was trained", () => {
    const settings = smallSettings({ min_length: "2", max_length: "3", min_repeats: "1", max_repeats: "1" });
    const map = { lengths: [1, 2, 3, 4], repeats: [1, 2], sequences: 10 };
    const solved = [
      [1, 0.999, 0.001, 0],
      [0, 0.5, 0.51, 1],
    ];
    const cells = [
      ...String(mapTable({ ...map, solved }, settings)).matchAll(/<td class="([^"]*)"[^>]*>(\d+)(.*?)<\/td>/g),
    ];
    expect(cells.map(([, look, number, hidden]) => [look, number, hidden.includes("trained")])).toEqual([
      ["much", "100", false],
      ["much top bottom left", "99", true],
      ["little top bottom right", "1", true],
      ["little", "0", false],
      ["little", "0", false],
      ["little", "50", false],
      ["much", "51", false],
      ["much", "100", false],
    ]);
  });
});
