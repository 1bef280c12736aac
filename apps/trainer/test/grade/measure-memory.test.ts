/** What a memory does while patterns are read and answered, from traces. */

import { createNetwork, createTask } from "@dnc/settings";
import { createRandom } from "@dnc/tasks";
import { describe, expect, it } from "vitest";
import { type MemoryMetric, measureMemory, memoryMetric, type Traced } from "../../src/grade/measure-memory.js";
import { smallConfig } from "../support.js";

/** Makes a quantity of a trace from its numbers at each step. */
function quantity(rows: readonly (readonly number[])[]) {
  const size = rows[0]?.length ?? 0;
  return { dimensions: [], shape: [rows.length, 1, size], data: rows.flat() };
}

/** Two patterns of two steps, with an answer of two steps each; three slots, one head for writing and two for reading. */
const TRACED: Traced = {
  phases: ["bits", "bits", "marker", "output", "output", "bits", "bits", "marker", "output", "output"],
  quantities: {
    allocationGate: quantity([[1], [0.5], [9], [0], [0.2], [1], [1], [9], [0.2], [0]]),
    usage: quantity([[0, 0, 0], [0.5, 0, 0], [0.5, 1, 0], ...new Array(7).fill([0, 0, 0])]),
    writeWeights: quantity([
      [0.9, 0, 0.1],
      [0.1, 0.9, 0],
      [0.5, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0.8],
      [0.1, 0, 0.3],
      ...new Array(3).fill([0, 0, 0]),
    ]),
    readWeights: quantity([
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
      [1, 0, 0, 0.5, 0.5, 0],
      ...new Array(7).fill([0, 0, 0, 0, 0, 0]),
    ]),
    freeGate: quantity([[1, 1], [1, 1], [1, 1], [0.5, 1], ...new Array(6).fill([1, 1])]),
  },
};

describe("what a memory does", () => {
  it("is the difference between the phases for gates", () => {
    expect(memoryMetric("allocation gate contrast", TRACED)).toBeCloseTo(3.5 / 4 - 0.4 / 4, 12);
  });

  it("is the usage that steps free, by what both heads read in the step before", () => {
    // At step 3 slot 0 is used 1 - 0.5 * 0.5 and keeps 0.5 * 0.5 of it, slot 1 is used 1 and keeps 0.5.
    const freed = 0.75 * (1 - 0.5 * 0.5) + 1 * 0.5;
    expect(memoryMetric("freed slots contrast", TRACED)).toBeCloseTo(freed / 4, 12);
  });

  it("is the number of different slots that a pattern takes", () => {
    expect(memoryMetric("slots per pattern", TRACED)).toBe((2 + 1) / 2);
  });

  it("is the mean over sequences, with the standard error of a mean", async () => {
    const { network: networkConfig, task: taskConfig } = smallConfig({ task: "copy" });
    const task = await createTask(taskConfig);
    const network = createNetwork(networkConfig, task, 1);
    const of = async (metric: MemoryMetric, sequences: number, seed: number) =>
      measureMemory(network, task, { metric, sequences, random: createRandom(seed), onSequence: () => {} });
    try {
      const { value, error } = await of("allocation gate contrast", 2, 3);
      const random = createRandom(3);
      const single = [await ofNext(random), await ofNext(random)] as const;
      expect(value).toBeCloseTo((single[0] + single[1]) / 2, 10);
      expect(error).toBeCloseTo(Math.abs(single[0] - single[1]) / 2, 10);
    } finally {
      network.dispose();
    }

    async function ofNext(random: ReturnType<typeof createRandom>): Promise<number> {
      const options = { metric: "allocation gate contrast", sequences: 1, random, onSequence: () => {} } as const;
      return (await measureMemory(network, task, options)).value;
    }
  });

  it("is not measured for a task without patterns and answers", async () => {
    const { network: networkConfig, task: taskConfig } = smallConfig({ task: "copy" });
    const task = { ...(await createTask(taskConfig)), phases: undefined };
    const network = createNetwork(networkConfig, task, 1);
    try {
      const options = { sequences: 1, random: createRandom(1), onSequence: () => {} };
      await expect(measureMemory(network, task, { metric: "slots per pattern", ...options })).rejects.toThrow(
        "--preset: expected a task that reads patterns and answers, got copy",
      );
    } finally {
      network.dispose();
    }
  });
});
