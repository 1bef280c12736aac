import { drawChart } from "../chart/line-chart.js";
import { locationChart } from "../locations/location-chart.js";
import { fileName } from "../page/file-name.js";
import { parallelCoordinates } from "../parallel/parallel-coordinates.js";
import { phasesOf } from "../timeline/phases.js";
import type { Sweep } from "./sweep.js";
import { sweepCharts } from "./sweep-curves.js";
import { bestFirst, settingGroups } from "./sweep-numbers.js";
import { sweepParallel } from "./sweep-parallel.js";

/** A figure as a file. */
export type FigureFile = {
  /** Name of the file, such as "loss.svg". */
  readonly file: string;
  /** The text of the file. */
  readonly svg: string;
};

/**
 * Draws each figure of a sweep's page as an SVG file: curves of loss, exact match and gradient norm by setting, the parallel coordinates
 * of settings and metric, and where the heads of the best run write and read. A figure without data is left out.
 *
 *     for (const { file, svg } of sweepFigures(sweep)) await writeFile(join("figures", file), svg);
 *
 * @param sweep - the sweep.
 * @returns the figures in the order of the page, each with another name.
 * @throws RangeError or TypeError if a trace does not fit its shapes.
 */
export function sweepFigures(sweep: Sweep): readonly FigureFile[] {
  const charts = sweepCharts(sweep, bestFirst(settingGroups(sweep), sweep.metric)).map(
    ({ title, unit, along, series, scale }) => ({
      file: `${fileName(title)}.svg`,
      svg: drawChart({ title, unit, xLabel: along }, series, { scale, hasLegend: true }).toString(),
    }),
  );
  const parallel = sweepParallel(sweep);
  const { bestTrace: trace } = sweep;
  return [
    ...charts,
    ...(parallel ? [{ file: `${fileName(parallel.title)}.svg`, svg: parallelCoordinates(parallel) }] : []),
    ...(trace && "writeWeights" in trace.data.quantities
      ? [
          {
            file: "best-run-locations.svg",
            svg: locationChart(trace.data, {
              phases: trace.phases ?? phasesOf(trace.data, trace.labels ?? {}),
              labels: trace.stepLabels,
            }),
          },
        ]
      : []),
  ];
}
