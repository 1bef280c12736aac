import { expect, it } from "vitest";
import * as report from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(report).sort()).toMatchInlineSnapshot(`
    [
      "accuracyMap",
      "encodePng",
      "formatBytes",
      "formatDuration",
      "formatPercentage",
      "heatmap",
      "lineChart",
      "parseMetrics",
      "pngDataUrl",
      "renderReport",
      "sampleEvenly",
      "traceHeatmaps",
    ]
  `);
});
