import { heatmap } from "./heatmap.js";
import type { NamedImage } from "./image.js";
import { overTime, seriesOf, type TraceData } from "./trace-series.js";

/** Names of the channels of a sequence, for the labels of its rows. */
export type ChannelLabels = {
  /** One per input; default: no labels. */
  readonly inputs?: readonly string[] | undefined;
  /** One per target and output; default: no labels. */
  readonly targets?: readonly string[] | undefined;
};

/** The quantities that `dnc trace` adds to a trace: the sequence and the outputs of the network. */
const SEQUENCE = [
  { name: "observations", title: "Inputs", labels: "inputs" },
  { name: "target", title: "Targets", labels: "targets" },
  { name: "output", title: "Outputs (probabilities)", labels: "targets" },
] as const;

/**
 * Draws the first sequence of a trace and its outputs, with a row per channel and a column per time step. Skips
 * quantities that the trace lacks.
 */
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
