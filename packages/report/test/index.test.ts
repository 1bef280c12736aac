import { expect, it } from "vitest";
import * as report from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(report).sort()).toMatchInlineSnapshot(`
    [
      "SIGNIFICANT_WEIGHT",
      "THEME",
      "accuracyMap",
      "blockBoards",
      "encodeEventFileStart",
      "encodePng",
      "encodeSummary",
      "formatBytes",
      "formatDuration",
      "formatPercentage",
      "formatRate",
      "formatValue",
      "graphPicture",
      "heatmap",
      "image",
      "joinSteps",
      "lineChart",
      "locationChart",
      "memoryUse",
      "parseMetrics",
      "parseMetricsLine",
      "pngDataUrl",
      "preformatted",
      "renderComparison",
      "renderReport",
      "sampleEvenly",
      "scalar",
      "sequenceGraph",
      "shellCommand",
      "shellWord",
      "text",
      "traceHeatmaps",
      "visibleJson",
      "visibleLine",
      "visibleText",
    ]
  `);
});
