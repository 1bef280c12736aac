import { heatmap } from "./heatmap.js";
import type { NamedImage } from "./image.js";
import { overTime, seriesOf, type TraceData } from "./trace-series.js";

/** Names of the channels of a sequence, for the labels of its rows. */
export type ChannelLabels = {
  /** One for each input. Default: no labels. */
  readonly inputs?: readonly string[] | undefined;
  /** One for each target and output. Default: no labels. */
  readonly targets?: readonly string[] | undefined;
};

/** The sequence itself and what the network answered, as `dnc trace` adds them to a trace. */
const SEQUENCE = [
  { name: "observations", title: "Inputs", labels: "inputs" },
  { name: "target", title: "Targets", labels: "targets" },
  { name: "output", title: "Outputs (probabilities)", labels: "targets" },
] as const;

/** Draws the first sequence of a trace, and its outputs: a row per channel, a column per time step. Leaves out what is not there. */
export function sequenceHeatmaps(trace: TraceData, labels: ChannelLabels = {}): NamedImage[] {
  const range = [0, 1] as const;
  return SEQUENCE.filter(({ name }) => trace.quantities[name] !== undefined).map(({ name, title, labels: of }) => {
    const matrix = overTime(seriesOf(trace, name, 1, 0));
    const rowLabels = labels[of];
    return {
      name,
      title,
      rows: "channels",
      columns: "time",
      range,
      ...(rowLabels && { rowLabels }),
      ...heatmap(matrix.flat(), matrix.length, matrix[0].length, { range }),
    };
  });
}
