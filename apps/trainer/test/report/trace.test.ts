import { renderReport, traceHeatmaps } from "@dnc/report";
import { createNetwork, createTask } from "@dnc/settings";
import { traceSequence } from "@dnc/training";
import { describe, expect, it, onTestFinished } from "vitest";
import { evaluationRandom } from "../../src/model/evaluation.js";
import { sequenceTask, smallConfig } from "../support.js";

describe.each(["copy", "repeat-copy"])("the trace of a sequence of %s", (task) => {
  it.each([1, 2])("with %d heads has everything that a report draws, and a name for each channel", async (heads) => {
    const number = String(heads);
    const config = smallConfig({ task, num_bits: "3", num_read_heads: number, num_write_heads: number });
    const source = await createTask({ ...config.task, batchSize: 1 });
    const core = createNetwork(config.network, source, 1);
    onTestFinished(() => core.dispose());
    const data = await traceSequence(core, sequenceTask(source).sampleBatch(evaluationRandom(1)));
    expect(traceHeatmaps(data)).toHaveLength(5 + 4 * heads);
    const { inputs, targets } = source.channelLabels();
    expect(inputs).toHaveLength(data.quantities.observations.shape[2]);
    expect(targets).toHaveLength(data.quantities.target.shape[2]);
    const page = renderReport({ title: task, trace: { data, labels: { inputs, targets } } });
    const named = (labels: readonly string[]) => JSON.stringify(labels).replaceAll('"', "&quot;");
    expect(page).toContain(`data-rows="${named(inputs)}"`);
    expect(page).toContain(`data-rows="${named(targets)}"`);
    const phases = [...page.matchAll(/<div class="phase[^>]* title="([^"]*)"/g)].map(([, name]) => name);
    expect(phases).toEqual(["start", "bits", task === "copy" ? "recall" : "repeats", "output"]);
    for (const title of ["Link matrix", "Precedence weighting", "Forward weighting", "Backward weighting"])
      expect(page).toContain(`data-title="${title}`);
  });
});
