import { describe, expect, it } from "vitest";
import type { TraceData } from "../../src/index.js";
import { timeline } from "../../src/timeline/timeline.js";
import { unclosed } from "../markup.js";
import { SIZES, traceOf } from "../support.js";

/** Decodes the numbers of a figure. */
function numbersOf(markup: string, title: string): number[] {
  const [, code = ""] = new RegExp(`data-title="${title}"[\\s\\S]*?data-cells="([^"]*)"`).exec(markup) ?? [];
  return code
    .split(" ")
    .flatMap((word) => (word.startsWith("z") ? Array<number>(Number(word.slice(1))).fill(0) : [Number(word)]));
}

/** Lists the titles of figures. */
const titlesOf = (markup: string) => [...markup.matchAll(/data-title="([^"]*)"/g)].map(([, title]) => title);

function withLinks(trace: TraceData, readHeads: number, writeHeads: number): TraceData {
  const { timeSteps, batchSize, slots } = SIZES;
  const filled = (...shape: number[]) => {
    const size = [timeSteps, batchSize, ...shape].reduce((product, each) => product * each, 1);
    return { shape: [timeSteps, batchSize, ...shape], data: Array.from({ length: size }, (_, i) => (i % 97) / 97) };
  };
  return {
    quantities: {
      ...trace.quantities,
      link: filled(writeHeads, slots, slots),
      precedenceWeights: filled(writeHeads, slots),
      forwardWeights: filled(readHeads, writeHeads, slots),
      backwardWeights: filled(readHeads, writeHeads, slots),
      readContentWeights: filled(readHeads, slots),
    },
  };
}

describe("a timeline", () => {
  it("has every quantity in the field's words, for each head", () => {
    const markup = timeline({ data: withLinks(traceOf({ readHeads: 2, writeHeads: 2 }), 2, 2) }).toString();
    expect(unclosed(markup)).toEqual([]);
    expect([...new Set(titlesOf(markup))]).toMatchInlineSnapshot(`
      [
        "Input",
        "Target",
        "Output",
        "Write and allocation gates",
        "Usage",
        "Allocation weighting, head 1",
        "Allocation weighting, head 2",
        "Write content weighting, head 1",
        "Write content weighting, head 2",
        "Write weighting, head 1",
        "Write weighting, head 2",
        "Memory",
        "Precedence weighting, head 1",
        "Precedence weighting, head 2",
        "Link matrix, write head 1",
        "Link matrix, write head 2",
        "Free gates",
        "Read weighting, head 1",
        "Read weighting, head 2",
        "Read modes",
        "Backward weighting, write head 1",
        "Backward weighting, write head 2",
        "Forward weighting, write head 1",
        "Forward weighting, write head 2",
        "Read content weighting",
        "Memory after the last time step",
      ]
    `);
    expect(markup.match(/<details/g)).toHaveLength(1);
  });

  it("has the numbers of the trace, with slots in the order of their first write", () => {
    const data = withLinks(traceOf(), 1, 1);
    const markup = timeline({ data }).toString();
    const [, names = ""] = /data-slots="([^"]*)"/.exec(markup) ?? [];
    const order = JSON.parse(names.replaceAll("&quot;", '"')).map((name: string) => Number(name.slice(5)));
    expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order).not.toEqual([0, 1, 2, 3, 4, 5]);
    const { timeSteps, batchSize, slots } = SIZES;
    const usage = data.quantities.usage.data;
    const expected = order.flatMap((slot: number) =>
      Array.from({ length: timeSteps }, (_, time) => usage[time * batchSize * slots + slot]),
    );
    numbersOf(markup, "Usage").forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index], 4);
    });
    const link = data.quantities.link.data;
    const last = numbersOf(markup.slice(markup.indexOf("<aside")), "Link matrix");
    last.forEach((value, index) => {
      const [row, column] = [order[Math.floor(index / slots)], order[index % slots]];
      expect(value).toBeCloseTo(link[(timeSteps - 1) * batchSize * slots ** 2 + row * slots + column], 4);
    });
    expect(markup.match(/<figure data-step="/g)).toHaveLength(timeSteps);
  });

  it("has the masks and the sharpness of a network that has them", () => {
    const { timeSteps, batchSize, wordSize } = SIZES;
    const filled = (size: number) => ({
      shape: [timeSteps, batchSize, 1, size],
      data: Array.from({ length: timeSteps * batchSize * size }, () => 1),
    });
    const masks = { writeMasks: filled(wordSize), readMasks: filled(wordSize) };
    const sharpness = { forwardSharpness: filled(1), backwardSharpness: filled(1) };
    const markup = timeline({ data: { quantities: { ...traceOf().quantities, ...masks, ...sharpness } } }).toString();
    expect(titlesOf(markup)).toEqual(expect.arrayContaining(["Write mask", "Read mask", "Link sharpness"]));
    expect(numbersOf(markup, "Read mask")).toHaveLength(timeSteps * wordSize);
  });

  it("says which slots and steps of large links are left out", () => {
    const [steps, slots] = [70, 40];
    const filled = (...shape: number[]) => ({
      shape: [steps, 1, ...shape],
      data: new Float32Array(shape.reduce((product, size) => product * size, steps)),
    });
    const quantities = { writeWeights: filled(1, slots), link: filled(1, slots, slots) };
    const markup = timeline({ data: { quantities } }).toString();
    expect(markup).toContain("row written right after column; the first 32 slots, 64 of 70 steps");
    expect(markup.match(/<figure data-step="/g)).toHaveLength(64);
  });

  it("leaves out links that a network does not have, and memory", () => {
    const { quantities } = traceOf();
    const empty = { shape: [SIZES.timeSteps, SIZES.batchSize, 1, 0, 0], data: [] };
    const markup = timeline({ data: { quantities: { ...quantities, link: empty } } }).toString();
    expect(markup).not.toMatch(/Temporal links|Link matrix|<aside/);
    const { observations, mask, output } = quantities;
    const bare = timeline({ data: { quantities: { observations, mask, output } } }).toString();
    expect(titlesOf(bare)).toEqual(["Input", "Output"]);
    expect(unclosed(bare)).toEqual([]);
    expect(timeline({ data: { quantities: {} } }).toString()).toContain("no quantities");
  });

  it("has the number of every slot beside its row, and of a larger memory the first of as many as a number has room for", () => {
    const labelsOf = (slots: number) => {
      const writeWeights = { shape: [2, 1, 1, slots], data: Array.from({ length: 2 * slots }, () => 0) };
      const markup = timeline({ data: { quantities: { writeWeights } } }).toString();
      const [list = ""] = /<ol class="rows numbers"[\s\S]*?<\/ol>/.exec(markup) ?? [];
      return {
        row: /--row:(\d+)px/.exec(list)?.[1],
        labels: [...list.matchAll(/height:(\d+)px"><span>(.*?)<\/span>/g)].map(([, height, name]) => [
          Number(height),
          name,
        ]),
      };
    };
    const small = labelsOf(16);
    expect(small.row).toBe("11");
    expect(small.labels.map(([, name]) => name)).toEqual([
      "slot 0",
      ...Array.from({ length: 15 }, (_, i) => `${i + 1}`),
    ]);
    expect(new Set(small.labels.map(([height]) => height))).toEqual(new Set([11]));
    const large = labelsOf(32);
    expect(large.row).toBe("5");
    expect(large.labels.slice(0, 3)).toEqual([
      [15, "slot 0"],
      [15, "3"],
      [15, "6"],
    ]);
  });

  it("begins with where the heads write and read, if there is a memory", () => {
    const stepLabels = ["a", "b", "c", "d", "e"];
    const markup = timeline({ data: traceOf(), stepLabels }).toString();
    expect(markup).toMatch(/^<figure class="locations" data-file="locations">[\s\S]*?<svg class="location-chart"/);
    expect(markup).toContain('data-part="label"');
    expect(timeline({ data: { quantities: { usage: traceOf().quantities.usage } } }).toString()).not.toContain("<svg");
  });

  it("says what the outputs are", () => {
    expect(timeline({ data: traceOf() }).toString()).toContain("Output <small>probabilities");
    expect(timeline({ data: traceOf(), outputs: "numbers" }).toString()).toContain("Output <small>numbers");
  });

  it("names phases that do not overlap, and marks every step on a short axis", () => {
    const phases = [
      { name: "start", start: 0, end: 1 },
      { name: "bits", start: 1, end: 3 },
      { name: "output", start: 3, end: 5 },
    ];
    const markup = timeline({ data: traceOf(), phases }).toString();
    expect(markup).toContain('style="--from:1;--size:2" title="bits"');
    expect(markup).toContain("&quot;step 2, bits&quot;");
    expect(markup.match(/<div class="ticks">.*/)?.[0].match(/<span/g)).toHaveLength(5);
  });
});
