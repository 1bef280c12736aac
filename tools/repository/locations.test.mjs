import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locationChart, renderReport } from "../../packages/report/dist/index.js";
import { asFile, PICTURES } from "../locations.mjs";
import { root } from "../pnpm.mjs";

const committed = (file) => readFileSync(join(root, "docs", "guide", file), "utf8");

describe("a picture of where heads write and read", () => {
  it("is the chart of a report's page, as a file", () => {
    const data = { quantities: { writeWeights: { shape: [2, 1, 1, 2], data: [1, 0, 0, 0.5] } } };
    const page = renderReport({ title: "A run", trace: { data } });
    expect(asFile(page, "A title")).toBe(locationChart(data, { title: "A title" }));
    expect(() => asFile("<svg></svg>", "A title")).toThrow("expected a chart of locations");
  });

  it.each(Object.keys(PICTURES))("is committed with colours of its own and its heading: %s", (file) => {
    const svg = committed(file);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="location-chart"/);
    expect(svg).toContain(`<title>${PICTURES[file].title}</title>`);
    expect(svg).not.toMatch(/var\(|NaN/);
  });

  it("shows that traversal reads the slot where the edge that is asked for was written", () => {
    const svg = committed("graph-traversal-locations.svg");
    const labels = [...svg.matchAll(/data-part="label"[^>]*>([^<]*)</g)].map(([, label]) => label);
    const first = labels.indexOf("") + 1; // after the query
    const shown = labels.indexOf(labels[first]);
    expect(shown).toBeGreaterThanOrEqual(0);
    expect(shown).toBeLessThan(first - 1);
    const [, x, y, width, height] = /data-part="plot" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/
      .exec(svg)
      .map(Number);
    const slots = [...svg.matchAll(/data-part="slot"/g)].length;
    const cells = (part) =>
      [...new RegExp(`${part}[^>]*? d="([^"]*)"`).exec(svg)[1].matchAll(/M([\d.]+) ([\d.]+)/g)].map(([, left, top]) => [
        Math.floor(((Number(left) - x) / width) * labels.length),
        Math.floor(((Number(top) - y) / height) * slots),
      ]);
    const [, row] = cells('data-part="write"').find(([step]) => step === shown);
    const reads = cells('data-part="read" data-head="1"').filter(([step]) => step === first);
    expect(reads).toEqual([[first, row]]);
  });
});
