import type { AccuracyMap } from "@dnc/report";
import { createNetwork, createTask } from "@dnc/settings";
import { evaluate } from "@dnc/training";
import { describe, expect, it, onTestFinished } from "vitest";
import { measureMap, selectSizes } from "../../src/commands/accuracy-map.js";
import { evaluationRandom } from "../../src/model/evaluation.js";
import { smallConfig } from "../support.js";

describe("the map of accuracy", () => {
  it("has every size or, if there are many, a selection with the last and the important ones", () => {
    expect(selectSizes(4, [1, 2])).toEqual([1, 2, 3, 4]);
    expect(selectSizes(16, [])).toHaveLength(16);
    const many = selectSizes(100, [9, 50, 200]);
    expect([many.length, many[0], many.at(-1)]).toEqual([18, 1, 100]);
    expect(many).toEqual(expect.arrayContaining([9, 50]));
  });

  it("has in each cell the result of an evaluation of exactly that size", async () => {
    const config = smallConfig({ task: "copy", num_bits: "1" });
    const exact = await createTask({ ...config.task, minLength: 2, maxLength: 2 });
    const core = createNetwork(config.network, exact, 1);
    onTestFinished(() => core.dispose());
    const options = { sequences: 30, seed: 2, onCell: undefined };
    const map = (await measureMap(core, config.task, config.task, options)) as AccuracyMap;
    const { exactMatch, columns, rows } = map;
    const score = await evaluate(core, exact, { random: evaluationRandom(2), sequences: 30 });
    expect(exactMatch).toHaveLength(1);
    expect(exactMatch[0][1]).toBe(score.exactMatch / 30);
    expect(exactMatch[0][0]).toBeGreaterThan(0);
    expect(rows).toBeUndefined();
    expect(columns).toEqual({ name: "length", sizes: [1, 2], trained: [config.task.minLength, config.task.maxLength] });
  });
});
