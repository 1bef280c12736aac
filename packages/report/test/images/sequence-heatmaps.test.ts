import { expect, it } from "vitest";
import { colourAt } from "../../src/images/palette.js";
import { sequenceHeatmaps } from "../../src/images/sequence-heatmaps.js";
import { SIZES, traceOf } from "../support.js";
import { pixelsOf } from "./support.js";

const labels = { inputs: ["bit 1", "start", "repeats"], targets: ["bit 1", "end"] };

it("the images of a sequence are its inputs, targets and outputs: a row per channel, a column per time step", () => {
  const trace = traceOf();
  const images = sequenceHeatmaps(trace, labels);
  expect(images.map(({ title, width, height, rowLabels }) => [title, width, height, rowLabels])).toEqual([
    ["Inputs", SIZES.timeSteps, SIZES.inputSize, labels.inputs],
    ["Targets", SIZES.timeSteps, SIZES.targetSize, labels.targets],
    ["Outputs (probabilities)", SIZES.timeSteps, SIZES.targetSize, labels.targets],
  ]);
  const { data } = trace.quantities.observations;
  const at = (step: number, channel: number) => data[step * SIZES.batchSize * SIZES.inputSize + channel];
  expect(pixelsOf(images[0])).toEqual(
    [0, 1, 2].map((channel) => [0, 1, 2, 3, 4].map((step) => colourAt("sequential", at(step, channel)))),
  );
});

it("a trace without the sequence has no images of it", () => {
  const { output, memory } = traceOf().quantities;
  expect(sequenceHeatmaps({ quantities: { memory } })).toEqual([]);
  expect(sequenceHeatmaps({ quantities: { memory, output } }).map(({ name }) => name)).toEqual(["output"]);
});
