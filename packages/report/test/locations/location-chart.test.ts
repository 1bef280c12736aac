import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LocationChartOptions, locationChart, type TraceData } from "../../src/index.js";
import { HOSTILE, unclosed } from "../markup.js";
import { traceOf } from "../support.js";

/** Creates a quantity of one sequence from its numbers, step by step. */
const quantity = (shape: readonly number[], steps: readonly (readonly number[])[]) => ({
  shape: [steps.length, 1, ...shape],
  data: steps.flat(),
});

/** Two slots of four are written, 2 before 0, and read by content and then along the links by one head of two; 2 is freed. */
const HAND_MADE: TraceData = {
  quantities: {
    writeWeights: quantity(
      [1, 4],
      [
        [0, 0, 1, 0],
        [0.25, 0, 0, 0.09],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    ),
    readWeights: quantity(
      [2, 4],
      [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 0.5, 0],
      ],
    ),
    readMode: quantity(
      [2, 3],
      [
        [0, 0, 1, 0, 0, 1],
        [0, 0, 1, 0, 0, 1],
        [0.2, 0, 0.8, 0, 0, 1],
        [0, 0.9, 0.1, 1, 0, 0],
      ],
    ),
    usage: quantity(
      [4],
      [
        [0, 0, 0, 0],
        [0, 0, 1, 0],
        [0.25, 0, 1, 0.95],
        [0.25, 0, 0, 0.9],
      ],
    ),
  },
};

/** Lists the beginnings of the shapes of a kind: `[x, y]` in pixels. */
function marks(svg: string, kind: string): readonly (readonly [number, number])[] {
  return [...svg.matchAll(/<path (data-part=.*?) d="([^"]+)"/g)].flatMap(([, names, d]) =>
    names.replaceAll(/data-\w+=|"/g, "").startsWith(kind)
      ? [...d.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
      : [],
  );
}

/** Lists the texts of a kind. */
const texts = (svg: string, kind: string) =>
  [...svg.matchAll(new RegExp(`<text data-part="${kind}"[^>]*>([^<]*)<`, "g"))].map(([, text]) => text);

const legend = (svg: string) =>
  [...svg.matchAll(/<g data-part="legend">.*?<text[^>]*>([^<]*)</g)].map(([, text]) => text);

/** The area of the plot. */
function plotOf(svg: string) {
  const [, x, y, width, height] =
    /<rect data-part="plot" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/.exec(svg) ?? [];
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
}

/** The row and the time step of a point. */
function cellOf(svg: string, [x, y]: readonly [number, number], { steps, rows }: { steps: number; rows: number }) {
  const plot = plotOf(svg);
  const step = Math.floor(((x - plot.x) / plot.width) * steps);
  return [step, Math.floor(((y - plot.y) / plot.height) * rows)];
}

describe("the chart of locations", () => {
  const svg = locationChart(HAND_MADE, { title: "A memory" });
  const sizes = { steps: 4, rows: 2 };

  it("is a self-contained SVG without style sheets, that describes itself", () => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="location-chart" width="\d+" height="\d+"/,
    );
    expect(svg).toContain('role="img" aria-label="A memory"><title>A memory</title>');
    expect(unclosed(svg.replaceAll(/<path[^>]*>/g, ""))).toEqual([]);
    expect(svg).not.toMatch(/<style|style=|var\(|NaN|undefined/);
    expect(svg).toContain('<rect width="100%" height="100%" fill="#ffffff"/>');
    expect(/<desc>(.*)<\/desc>/.exec(svg)?.[1]).toBe(
      "Time steps 0 to 3 from left to right, 2 slots from top to bottom. Write head: 2 marks in 2 slots. " +
        "Read head 1: 2 marks in 2 slots (1 by content, 1 forward along the links). " +
        "Read head 2: 1 mark in 1 slot (1 backward along the links). Freed: 1 time.",
    );
    expect(locationChart(HAND_MADE, { title: "A memory" })).toBe(svg);
  });

  it("has the slots in use in the order of their first write, and marks at their rows and time steps", () => {
    expect(texts(svg, "slot")).toEqual(["slot 2", "0"]);
    const at = (kind: string) => marks(svg, kind).map((mark) => cellOf(svg, mark, sizes));
    expect(at("write 1")).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(at("read 1 content")).toEqual([[2, 0]]);
    expect(at("read 1 forward")).toEqual([[3, 1]]);
    expect(at("read 2 backward")).toEqual([[3, 0]]);
    expect(texts(svg, "note")[0]).toBe("2 of 4 slots, written or read with a weight of at least 0.1,");
    expect(legend(svg)).toEqual([
      "write head",
      "read head 1",
      "read head 2",
      "read by content",
      "read forward along the links",
      "read backward along the links",
      "freed",
    ]);
  });

  it("has a cross where usage falls, at the beginning of the step", () => {
    const [[x, y], ...others] = marks(svg, "freed");
    expect(others).toEqual([]);
    const plot = plotOf(svg);
    expect(Math.abs(x - (plot.x + (3 / 4) * plot.width))).toBeLessThan(4);
    expect(y).toBeLessThan(plot.y + plot.height / 2);
    const { usage, ...rest } = HAND_MADE.quantities;
    expect(legend(locationChart({ quantities: rest }))).not.toContain("freed");
  });

  it("has marks whose area is the weight", () => {
    const [, first, second] =
      /data-part="write" data-head="1" d="M[\d.]+ [\d.]+h([\d.]+)v[^M]*M[\d.]+ [\d.]+h([\d.]+)v/.exec(svg) ?? [];
    expect(Number(second) / Number(first)).toBeCloseTo(Math.sqrt(0.25), 2);
    const [, radius] = /data-part="read" data-head="1" data-mode="content" d="M[^a]*a([\d.]+) /.exec(svg) ?? [];
    const [, half] = /data-part="read" data-head="2" data-mode="backward" d="M[^l]*l-[\d.]+ ([\d.]+)/.exec(svg) ?? [];
    expect(Number(half) / Number(radius)).toBeCloseTo(Math.sqrt(0.5), 2);
  });

  it("has reads as dots where the network has no modes, and no reads where it has no read heads", () => {
    const { readMode, ...rest } = HAND_MADE.quantities;
    const dots = locationChart({ quantities: rest });
    expect(marks(dots, "read 1")).toHaveLength(2);
    expect(legend(dots)).toEqual(["write head", "read head 1", "read head 2", "freed"]);
    expect(marks(locationChart({ quantities: { writeWeights: rest.writeWeights } }), "read")).toEqual([]);
  });

  it("finds the mode by its share of the weight, not by its own size", () => {
    const links = (values: readonly number[]) =>
      quantity(
        [2, 1, 4],
        Array.from({ length: 4 }, () => [...values, ...values]),
      );
    const quantities = {
      ...HAND_MADE.quantities,
      forwardWeights: links([0.01, 0, 0, 0]),
      backwardWeights: links([0, 0, 1, 0]),
      readContentWeights: quantity(
        [2, 4],
        Array.from({ length: 4 }, () => [1, 0, 1, 0, 0, 0, 1, 0]),
      ),
    };
    // Step 3, slot 0: forward 0.9 * 0.01, content 0.1 * 1.
    const svg = locationChart({ quantities });
    expect(marks(svg, "read 1 forward")).toEqual([]);
    expect(marks(svg, "read 1 content")).toHaveLength(2);
    expect(marks(svg, "read 2 backward")).toHaveLength(1);
  });

  it("has all slots if asked, and says how many are left out", () => {
    const all = locationChart(HAND_MADE, { slots: "all" });
    expect(texts(all, "slot")).toEqual(["slot 2", "0", "1", "3"]);
    expect(texts(all, "note")).toEqual([
      "4 of 4 slots,",
      "in the order of their first write. The area of a mark is its weight.",
    ]);
    const one = locationChart(HAND_MADE, { maxSlots: 1 });
    expect(texts(one, "slot")).toEqual(["slot 2"]);
    expect(one).toContain("The first 1 of 2 slots, written or read");
    expect(marks(one, "write")).toHaveLength(1);
    const unused = { writeWeights: quantity([1, 3], [[0.05, 0, Number.NaN]]) };
    expect(texts(locationChart({ quantities: unused }), "note").join(" ")).toBe(
      "No slot of 3 is written or read with a weight of at least 0.1.",
    );
  });

  it("has phases and labels above the plot, each at its steps", () => {
    const phases = [
      { name: "bits", start: 0, end: 2 },
      { name: "output", start: 2, end: 4 },
    ];
    const labels = ["a, x, b", "", "one label that is longer than there is room for", "c"];
    const labelled = locationChart(HAND_MADE, { phases, labels });
    expect(texts(labelled, "phase")).toEqual(["bits", "output"]);
    expect(texts(labelled, "label")).toEqual(["a, x, b", "", "one label that is longer than t\u2026", "c"]);
    const plot = plotOf(labelled);
    expect(plot.y).toBeGreaterThan(plotOf(svg).y + 32 * 4);
    const edge = /data-part="edge" d="M([\d.]+) /.exec(labelled)?.[1];
    expect(Math.abs(Number(edge) - (plot.x + plot.width / 2))).toBeLessThan(1);
  });

  it("has room for its title", () => {
    const widthOf = (title: string) => Number(/width="(\d+)"/.exec(locationChart(HAND_MADE, { title }))?.[1]);
    expect(widthOf("a".repeat(80))).toBeGreaterThan(46 + 80 * 8);
    expect(widthOf("a".repeat(900))).toBe(880);
    expect(widthOf("a")).toBe(440);
  });

  it("has the colours of the page in a page", () => {
    const page = locationChart(HAND_MADE, { inPage: true });
    const colours = [...page.matchAll(/(?:fill|stroke)="([^"]*[a-z][^"]*)"/g)].map(([, colour]) => colour);
    for (const colour of colours) expect(colour).toMatch(/^(none|stroke|var\(--\w+, #[0-9a-f]{6}\))$/);
    const file = page.replaceAll(/var\(--\w+, (#\w+)\)/g, "$1");
    expect(file).toBe(locationChart(HAND_MADE));
  });

  it("escapes what comes from outside", () => {
    const phases = [{ name: HOSTILE, start: 0, end: 4 }];
    const hostile = locationChart(HAND_MADE, { title: HOSTILE, phases, labels: [HOSTILE, HOSTILE, HOSTILE, HOSTILE] });
    expect(hostile).not.toMatch(/<script|<img/);
  });

  it.each<[LocationChartOptions, string]>([
    [{ width: 100 }, "width: expected an integer of at least 440, got 100"],
    [{ maxSlots: 0 }, "maxSlots: expected a positive integer, got 0"],
    [{ element: 1 }, "element: expected an integer from 0 to 0, got 1"],
    [{ labels: ["a"] }, "labels: expected one for each of 4 time steps, got 1"],
    [{ slots: "some" as "all" }, "slots: expected used or all, got some"],
  ])("refuses %o", (options, message) => {
    expect(() => locationChart(HAND_MADE, options)).toThrow(message);
  });

  it("refuses a trace without write weights, or whose quantities do not fit each other", () => {
    expect(() => locationChart({ quantities: {} })).toThrow("trace: expected the quantity writeWeights, got none");
    const readWeights = quantity([1, 5], [[0, 0, 0, 0, 0]]);
    expect(() => locationChart({ quantities: { ...HAND_MADE.quantities, readWeights } })).toThrow(
      "trace.readWeights: expected 4 time steps of 4 slots, as of writeWeights, got 1 time steps of 5 slots",
    );
  });
});

describe("marks", () => {
  it("are one for each weight of at least 0.1, inside of the plot, for any heads and any sequence of a batch", () => {
    const heads = fc.record({ readHeads: fc.integer({ min: 1, max: 6 }), writeHeads: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(
        heads,
        fc.integer({ min: 0, max: 1 }),
        fc.integer({ min: 440, max: 2000 }),
        (count, element, width) => {
          const trace = traceOf(count);
          const svg = locationChart(trace, { element, width });
          const plot = plotOf(svg);
          for (const [kind, name] of [
            ["write", "writeWeights"],
            ["read", "readWeights"],
          ] as const) {
            const { shape, data } = trace.quantities[name];
            const [, batchSize, ...rest] = shape;
            const size = rest[0] * rest[1];
            const own = Array.from(data).filter((_, index) => Math.floor(index / size) % batchSize === element);
            expect(marks(svg, kind)).toHaveLength(own.filter((weight) => weight >= 0.1).length);
          }
          for (const [x, y] of [...marks(svg, "write"), ...marks(svg, "read")]) {
            expect(x >= plot.x && x <= plot.x + plot.width).toBe(true);
            expect(y >= plot.y && y <= plot.y + plot.height).toBe(true);
          }
        },
      ),
      { seed: 1, numRuns: 30 },
    );
  });

  it("of many steps and slots are small, and the chart stays small too", () => {
    const [steps, slots] = [200, 256];
    const row = (step: number) => Array.from({ length: slots }, (_, slot) => (slot === step ? 1 : 0));
    const weights = quantity(
      [1, slots],
      Array.from({ length: steps }, (_, step) => row(step)),
    );
    const trace = { quantities: { writeWeights: weights, readWeights: weights } };
    const svg = locationChart(trace, { maxSlots: slots });
    expect(marks(svg, "write")).toHaveLength(steps);
    expect(plotOf(svg)).toMatchObject({ height: 3 * steps });
    expect(plotOf(svg).width).toBeLessThan(880);
    expect(svg.length).toBeLessThan(40_000);
    expect(texts(locationChart(trace), "note").join(" ")).toContain("The first 64 of 200 slots");
  });
});
