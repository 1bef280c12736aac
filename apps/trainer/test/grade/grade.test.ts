/** `dnc grade`, and the means and standard errors that it prints. */

import { createNetwork, createTask } from "@dnc/settings";
import { createRandom } from "@dnc/tasks";
import { evaluate } from "@dnc/training";
import { describe, expect, it } from "vitest";
import { GROUP, measure } from "../../src/grade/measure.js";
import { dnc, savedRun } from "../commands/saved-run.js";
import { smallConfig } from "../support.js";

const CPU = "--backend=cpu";

describe("a measurement", () => {
  it("is the mean over all sequences, and its error that of the means of groups", async () => {
    const { network: networkConfig, task: taskConfig } = smallConfig({ batch_size: "10" });
    const task = await createTask(taskConfig);
    const network = createNetwork(networkConfig, task, 1);
    try {
      const onGroups: number[] = [];
      const onGroup = (done: number) => onGroups.push(done);
      const options = { metric: "bits per sequence", sequences: 5 * GROUP, random: createRandom(3), onGroup } as const;
      const { value, error } = await measure(network, task, options);
      expect(onGroups).toEqual([1, 2, 3, 4, 5].map((count) => count * GROUP));
      const random = createRandom(3);
      const means: number[] = [];
      for (let group = 0; group < 5; group++)
        means.push((await evaluate(network, task, { random, sequences: GROUP })).loss / GROUP / Math.LN2);
      const mean = means.reduce((sum, each) => sum + each / 5, 0);
      const deviation = Math.sqrt(means.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 4);
      expect(value).toBeCloseTo(mean, 10);
      expect(error).toBeCloseTo(deviation / Math.sqrt(5), 10);
      expect(error).toBeGreaterThan(0);
    } finally {
      network.dispose();
    }
  });

  it("in bits above the optimum subtracts the best predictor's on the same sequences", async () => {
    const { network: networkConfig, task: taskConfig } = smallConfig({ batch_size: "10" });
    const task = await createTask(taskConfig);
    const network = createNetwork(networkConfig, task, 1);
    try {
      const of = async (metric: "bits per sequence" | "bits above the optimum") =>
        measure(network, task, {
          ...{ metric, sequences: 2 * GROUP, random: createRandom(3), onGroup: () => {} },
          optimum: ({ batchSize }) => new Float64Array(batchSize).fill(1.5),
        });
      const [all, above] = [await of("bits per sequence"), await of("bits above the optimum")];
      expect(above.value).toBeCloseTo(all.value - 1.5, 10);
    } finally {
      network.dispose();
    }
  });
});

describe("dnc grade", () => {
  it("says whether a run has passed, with figure, error and bound, and ends with status 1 if not", async () => {
    const run = await savedRun({ task: "copy" });
    // What takes more than a second shows its progress on standard error.
    const { status, stdout } = await dnc("grade", run, "--preset=copy", CPU);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^run +.*, step 6$/m);
    expect(stdout).toMatch(
      /^lengths 1 to 20 +(not )?passed: [\d.]+% ± [\d.]+% of 1000, expected exact match at least 99\.0%; published: /m,
    );
    expect(stdout).toMatch(/^length 40 +not passed: 0\.0% ± 0\.0% of 1000, expected exact match at least 95\.0%$/m);
    expect(stdout).toMatch(/^grade +not passed$/m);
  });

  it("prints the same as JSON", async () => {
    const run = await savedRun({ task: "copy" });
    const { status, stdout } = await dnc("grade", run, "--preset=copy", "--json", CPU, "--checkpoint=2");
    const { criteria, ...rest } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(rest).toEqual({ run, preset: "copy", step: 2, passed: false });
    expect(criteria[1]).toEqual({
      ...{ on: "length 40", metric: "exact match", value: 0, standard_error: 0, sequences: 1000 },
      ...{ at_least: 0.95, passed: false },
    });
  });

  it("refuses a run without a preset, and the preset of another task", async () => {
    const run = await savedRun();
    const without = await dnc("grade", run, CPU);
    expect([without.status, without.stderr]).toEqual([
      2,
      `dnc: ${run}: expected a run of a preset, or --preset, whose grade is applied\n`,
    ]);
    const other = await dnc("grade", run, "--preset=copy", CPU);
    expect([other.status, other.stderr]).toEqual([
      2,
      "dnc: --preset: expected one with task repeat-copy, got copy, whose task is copy\n",
    ]);
  });
});
