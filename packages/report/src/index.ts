export { type AccuracyMap, accuracyMap, type SizeAxis } from "./accuracy-map.js";
export { type BlockBoardsOptions, type BlockFrame, blockBoards } from "./block-boards.js";
export type { ChannelLabels } from "./channel-labels.js";
export type { Point } from "./chart/curve.js";
export { type LineChartOptions, lineChart } from "./chart/line-chart.js";
export type { ChartSeries } from "./chart/series.js";
export type { CheckpointEntry } from "./checkpoints.js";
export type { ComparedRun, Comparison } from "./compare/comparison.js";
export { renderComparison } from "./compare/render-comparison.js";
export type { ConfigEntry } from "./config-table.js";
export { formatBytes, formatDuration, formatPercentage, formatRate } from "./format.js";
export { formatValue } from "./format-value.js";
export { graphPicture } from "./graph/graph-picture.js";
export type { Place } from "./graph/layout.js";
export type { EdgeMark, GraphPicture, PictureEdge } from "./graph/picture-types.js";
export {
  type AnsweredStep,
  type AskedGraph,
  type AskedQuery,
  type NumberedEdge,
  type PartialEdge,
  sequenceGraph,
} from "./graph/sequence-graph.js";
export { type HeatmapOptions, heatmap } from "./images/heatmap.js";
export type { NamedImage, RgbImage } from "./images/image.js";
export type { Palette } from "./images/palette.js";
export { encodePng, pngDataUrl } from "./images/png.js";
export { type TraceHeatmapsOptions, traceHeatmaps } from "./images/trace-heatmaps.js";
export type { TraceData } from "./images/trace-series.js";
export { type LocationChartOptions, locationChart } from "./locations/location-chart.js";
export {
  type HeadEvent,
  type HeadUse,
  type MemoryEvent,
  type MemoryUse,
  memoryUse,
  type ReadMode,
} from "./locations/memory-use.js";
export { type Metrics, type MetricsRecord, parseMetrics, parseMetricsLine } from "./metrics.js";
export { THEME } from "./page/theme.js";
export type { ParallelAxis, ParallelValue } from "./parallel/axis.js";
export {
  type ParallelCoordinatesOptions,
  type ParallelLine,
  parallelCoordinates,
} from "./parallel/parallel-coordinates.js";
export { renderReport } from "./render-report.js";
export type {
  BlockSequence,
  GeneratedFacts,
  RunReport,
  SequenceGraph,
  SequenceTrace,
  ShownCheckpoint,
  TrainingFacts,
} from "./run-report.js";
export { sampleEvenly } from "./sample-evenly.js";
export type { Sample } from "./samples.js";
export { shellCommand, shellWord } from "./shell-word.js";
export { renderSweep } from "./sweep/render-sweep.js";
export type {
  SettingValue,
  Sweep,
  SweepMetric,
  SweptRun,
  SweptRunStatus,
  SweptSetting,
} from "./sweep/sweep.js";
export { sweepCsv } from "./sweep/sweep-csv.js";
export { type FigureFile, sweepFigures } from "./sweep/sweep-figures.js";
export { bestRun } from "./sweep/sweep-numbers.js";
export { encodeEventFileStart, encodeSummary } from "./tensorboard/event.js";
export {
  type ImageValue,
  image,
  type PngImage,
  preformatted,
  type ScalarValue,
  type SummaryValue,
  scalar,
  type TextValue,
  text,
} from "./tensorboard/summary.js";
export { joinSteps, type Phase } from "./timeline/phases.js";
export { SIGNIFICANT_WEIGHT } from "./timeline/slot-order.js";
export { visibleJson, visibleLine, visibleText } from "./visible.js";
