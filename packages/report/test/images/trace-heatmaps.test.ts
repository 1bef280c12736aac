import { describe, expect, it } from "vitest";
import type { NamedImage } from "../../src/images/image.js";
import { colourAt } from "../../src/images/palette.js";
import { traceHeatmaps } from "../../src/images/trace-heatmaps.js";
import type { TraceData } from "../../src/images/trace-series.js";
import { SIZES, traceOf } from "../support.js";
import { pixelsOf } from "./support.js";

const { timeSteps: TIME, batchSize: BATCH, slots: SLOTS, wordSize: WORD } = SIZES;

/** Reads one number of a trace by its indices. */
function numberAt(trace: TraceData, name: string, ...place: number[]): number {
  const { shape, data } = trace.quantities[name];
  return data[place.reduce((index, coordinate, axis) => index * shape[axis] + coordinate, 0)];
}

/** Finds the image with this name. */
function named(images: readonly NamedImage[], name: string): NamedImage {
  return images.find((image) => image.name === name) as NamedImage;
}

/** Expects the colour of every cell to be that of a number. */
function expectCells(
  image: NamedImage,
  palette: "sequential" | "diverging",
  numberOf: (row: number, column: number) => number,
): void {
  const [low, high] = image.range;
  const pixels = pixelsOf(image);
  const expected = pixels.map((row, y) => row.map((_, x) => colourAt(palette, (numberOf(y, x) - low) / (high - low))));
  expect(pixels).toEqual(expected);
}

describe("the images of a trace", () => {
  it("are these for one write head", () => {
    const images = traceHeatmaps(traceOf({ readHeads: 1, writeHeads: 1 }), { cell: 1 });
    const described = images.map(
      ({ name, title, rows, columns, width, height }) =>
        `${name}: ${title} (${rows} x ${columns}) ${width} x ${height}`,
    );
    expect(described).toMatchInlineSnapshot(`
      [
        "memory: Memory after the last time step (memory slots x word) 4 x 6",
        "memory_norms: Memory: length of the word in each slot (memory slots x time) 5 x 6",
        "usage: Usage (memory slots x time) 5 x 6",
        "allocation_weights: Allocation weighting (memory slots x time) 5 x 6",
        "write_content_weights: Write content weighting (memory slots x time) 5 x 6",
        "write_weights: Write weighting (memory slots x time) 5 x 6",
        "read_weights: Read weighting (memory slots x time) 5 x 6",
        "gates: Gates (gates x time) 5 x 3",
        "read_modes: Read modes (modes of each read head x time) 5 x 3",
      ]
    `);
    const shares = images.filter(({ name }) => !name.startsWith("memory"));
    for (const { name, range } of shares) expect(range, name).toEqual([0, 1]);
    const labels = images.flatMap(({ name, rowLabels }) => (rowLabels ? [[name, ...rowLabels]] : []));
    expect(labels).toEqual([
      ["gates", "write gate", "allocation gate", "free gate"],
      ["read_modes", "backward", "forward", "content"],
    ]);
  });

  it("are one per head for several, with the names of their rows", () => {
    const images = traceHeatmaps(traceOf({ readHeads: 2, writeHeads: 2 }), { cell: 1 });
    expect(images.map(({ name, width, height }) => `${name} ${width} x ${height}`)).toMatchInlineSnapshot(`
      [
        "memory 4 x 6",
        "memory_norms 5 x 6",
        "usage 5 x 6",
        "allocation_weights_1 5 x 6",
        "allocation_weights_2 5 x 6",
        "write_content_weights_1 5 x 6",
        "write_content_weights_2 5 x 6",
        "write_weights_1 5 x 6",
        "write_weights_2 5 x 6",
        "read_weights_1 5 x 6",
        "read_weights_2 5 x 6",
        "gates 5 x 6",
        "read_modes 5 x 10",
      ]
    `);
    expect(named(images, "write_weights_2").title).toBe("Write weighting, head 2");
    expect(named(images, "gates").rowLabels).toMatchInlineSnapshot(`
      [
        "write gate 1",
        "write gate 2",
        "allocation gate 1",
        "allocation gate 2",
        "free gate 1",
        "free gate 2",
      ]
    `);
    expect(named(images, "read_modes").rowLabels).toMatchInlineSnapshot(`
      [
        "head 1, backward 1",
        "head 1, backward 2",
        "head 1, forward 1",
        "head 1, forward 2",
        "head 1, content",
        "head 2, backward 1",
        "head 2, backward 2",
        "head 2, forward 1",
        "head 2, forward 2",
        "head 2, content",
      ]
    `);
  });

  it("have the colours of the trace's numbers", () => {
    const trace = traceOf({ readHeads: 2, writeHeads: 2 });
    for (const element of [0, 1]) {
      const images = traceHeatmaps(trace, { element, cell: 1 });
      const weights = (name: string, head: number) => (slot: number, time: number) =>
        numberAt(trace, name, time, element, head, slot);
      expectCells(named(images, "memory"), "diverging", (slot, place) =>
        numberAt(trace, "memory", TIME - 1, element, slot, place),
      );
      expectCells(named(images, "memory_norms"), "sequential", (slot, time) => {
        const word = Array.from({ length: WORD }, (_, place) => numberAt(trace, "memory", time, element, slot, place));
        return Math.sqrt(word.reduce((sum, number) => sum + number ** 2, 0));
      });
      expectCells(named(images, "usage"), "sequential", (slot, time) => numberAt(trace, "usage", time, element, slot));
      expectCells(named(images, "allocation_weights_1"), "sequential", weights("allocationWeights", 0));
      expectCells(named(images, "write_content_weights_2"), "sequential", weights("writeContentWeights", 1));
      expectCells(named(images, "write_weights_1"), "sequential", weights("writeWeights", 0));
      expectCells(named(images, "read_weights_2"), "sequential", weights("readWeights", 1));
      expectCells(named(images, "gates"), "sequential", (row, time) =>
        numberAt(trace, ["writeGate", "allocationGate", "freeGate"][row >> 1], time, element, row & 1),
      );
      expectCells(named(images, "read_modes"), "sequential", (row, time) =>
        numberAt(trace, "readMode", time, element, Math.floor(row / 5), row % 5),
      );
    }
  });

  it("have the ranges of the data if no range is fixed", () => {
    const trace = traceOf({ readHeads: 1, writeHeads: 1 });
    const images = traceHeatmaps(trace);
    const last = Array.from({ length: SLOTS * WORD }, (_, index) =>
      numberAt(trace, "memory", TIME - 1, 0, Math.floor(index / WORD), index % WORD),
    );
    const most = Math.max(...last.map(Math.abs));
    expect(named(images, "memory").range).toEqual([-most, most]);
    expect(named(images, "memory_norms").range[0]).toBe(0);
    const brightest = pixelsOf(named(images, "memory_norms")).flat().map(String);
    expect(brightest).toContain(String(colourAt("sequential", 1)));
  });

  it("have the ranges of the finite numbers", () => {
    const trace = traceOf({ readHeads: 1, writeHeads: 1 });
    const damaged = withMemory(trace, (memory) => ({
      ...memory,
      data: Array.from(memory.data, (_, index) => [Number.NaN, Number.POSITIVE_INFINITY, -3, 2][index % 4]),
    }));
    expect(named(traceHeatmaps(damaged), "memory").range).toEqual([-3, 3]);
    expect(named(traceHeatmaps(damaged), "memory_norms").range).toEqual([0, 1]);
  });

  it("are drawn if all values are 0 or NaN", () => {
    const trace = traceOf({ readHeads: 1, writeHeads: 1 });
    const filled = (value: number) =>
      withMemory(trace, (memory) => ({ ...memory, data: Array.from(memory.data, () => value) }));
    const [empty, damaged] = [filled(0), filled(Number.NaN)].map((each) => traceHeatmaps(each, { cell: 1 }));
    expect(named(empty, "memory").range).toEqual([-1, 1]);
    expect(new Set(pixelsOf(named(empty, "memory")).flat().map(String))).toEqual(new Set(["247,247,247"]));
    expect(new Set(pixelsOf(named(damaged, "memory_norms")).flat().map(String))).toEqual(new Set(["128,128,128"]));
  });

  it("have cells of 8 pixels", () => {
    const images = traceHeatmaps(traceOf({ readHeads: 1, writeHeads: 1 }));
    expect(named(images, "usage")).toMatchObject({ width: 8 * TIME, height: 8 * SLOTS });
  });
});

it("a network without links has no image of its read modes", () => {
  const { readMode: _, ...quantities } = traceOf().quantities;
  const names = traceHeatmaps({ quantities }).map(({ name }) => name);
  expect(names).toEqual(
    traceHeatmaps(traceOf())
      .map(({ name }) => name)
      .filter((name) => name !== "read_modes"),
  );
});

describe("what is refused", () => {
  it("is an element that is not in the batch, half a pixel, or data that do not fit", () => {
    const trace = traceOf({ readHeads: 1, writeHeads: 1 });
    const element = (value: number) => () => traceHeatmaps(trace, { element: value });
    expect(element(2)).toThrow(new RangeError("element: expected an integer from 0 to 1, got 2"));
    expect(element(-1)).toThrow(new RangeError("element: expected an integer from 0 to 1, got -1"));
    expect(element(0.5)).toThrow(new RangeError("element: expected an integer from 0 to 1, got 0.5"));
    expect(() => traceHeatmaps(trace, { cell: 0.5 })).toThrow(
      new RangeError("cell: expected a positive integer, got 0.5"),
    );
    const short = withMemory(trace, (memory) => ({ ...memory, data: Array.from(memory.data).slice(1) }));
    expect(() => traceHeatmaps(short)).toThrow(
      new RangeError("trace.memory: expected as many numbers as [5,2,6,4] has, at least 1, got 239"),
    );
    const flat = withMemory(trace, (memory) => ({ ...memory, shape: [TIME, BATCH, SLOTS * WORD] }));
    expect(() => traceHeatmaps(flat)).toThrow(new RangeError("trace.memory: expected rank 4, got [5,2,24]"));
  });

  it("is a trace that lacks a quantity", () => {
    const trace = traceOf({ readHeads: 1, writeHeads: 1 });
    const needed = ["memory", "usage", "allocationWeights", "writeContentWeights", "writeWeights", "readWeights"];
    for (const name of [...needed, "writeGate", "allocationGate", "freeGate"]) {
      const { [name]: _, ...quantities } = trace.quantities;
      expect(() => traceHeatmaps({ ...trace, quantities })).toThrow(
        new TypeError(`trace: expected the quantity ${name}, got none`),
      );
    }
    expect(() => traceHeatmaps(undefined as never)).toThrow(TypeError);
  });
});

type Quantity = TraceData["quantities"][string];

function withMemory(trace: TraceData, change: (memory: Quantity) => Quantity): TraceData {
  return { ...trace, quantities: { ...trace.quantities, memory: change(trace.quantities.memory) } };
}
