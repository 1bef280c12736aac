import { Dnc, serializeTrace, type TraceData, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { colourAt } from "../../src/pictures/palette.js";
import { type NamedPicture, tracePictures } from "../../src/pictures/trace-pictures.js";
import { pixelsOf } from "./support.js";

const [TIME, BATCH, SLOTS, WORD] = [5, 2, 6, 4];

/** What a small network did with random numbers. */
async function traceOf({ readHeads, writeHeads }: { readHeads: number; writeHeads: number }): Promise<TraceData> {
  const sizes = { inputSize: 3, outputSize: 2, memorySize: SLOTS, wordSize: WORD, hiddenSize: 8 };
  const core = new Dnc({ ...sizes, readHeads, writeHeads, seed: 1 });
  const inputs = tf.randomNormal([TIME, BATCH, 3], 0, 3, "float32", 1) as tf.Tensor3D;
  const { outputs, finalState, trace } = unroll(core, inputs, undefined, { trace: true });
  const data = await serializeTrace(trace);
  tf.dispose([inputs, outputs, finalState, trace]);
  core.dispose();
  return data;
}

/** One number of a trace by its place. */
function numberAt(trace: TraceData, name: string, ...place: number[]): number {
  const { shape, data } = trace.quantities[name];
  return data[place.reduce((index, coordinate, axis) => index * shape[axis] + coordinate, 0)];
}

/** The picture with this name. */
function named(pictures: readonly NamedPicture[], name: string): NamedPicture {
  return pictures.find((picture) => picture.name === name) as NamedPicture;
}

/** Expects the colour of every cell to be that of a number. */
function expectCells(
  picture: NamedPicture,
  palette: "sequential" | "diverging",
  numberOf: (row: number, column: number) => number,
): void {
  const [low, high] = picture.range;
  const pixels = pixelsOf(picture);
  const expected = pixels.map((row, y) => row.map((_, x) => colourAt(palette, (numberOf(y, x) - low) / (high - low))));
  expect(pixels).toEqual(expected);
}

describe("the pictures of a trace", () => {
  it("are these for one write head", async () => {
    const pictures = tracePictures(await traceOf({ readHeads: 1, writeHeads: 1 }), { cell: 1 });
    const described = pictures.map(
      ({ name, title, rows, columns, width, height }) =>
        `${name}: ${title} (${rows} x ${columns}) ${width} x ${height}`,
    );
    expect(described).toMatchInlineSnapshot(`
      [
        "memory: Memory after the last step (memory slots x word) 4 x 6",
        "memory_norms: Lengths of the memory's words (memory slots x time) 5 x 6",
        "usage: Usage (memory slots x time) 5 x 6",
        "allocation_weights: Allocation weights (memory slots x time) 5 x 6",
        "write_content_weights: Write content weights (memory slots x time) 5 x 6",
        "write_weights: Write weights (memory slots x time) 5 x 6",
        "read_weights: Read weights (memory slots x time) 5 x 6",
        "gates: Gates (gates x time) 5 x 3",
        "read_modes: Read modes (modes of each read head x time) 5 x 3",
      ]
    `);
    const shares = pictures.filter(({ name }) => !name.startsWith("memory"));
    for (const { name, range } of shares) expect(range, name).toEqual([0, 1]);
    const labels = pictures.flatMap(({ name, rowLabels }) => (rowLabels ? [[name, ...rowLabels]] : []));
    expect(labels).toEqual([
      ["gates", "write gate", "allocation gate", "free gate"],
      ["read_modes", "backward", "forward", "content"],
    ]);
  });

  it("are one a head for several, with the names of their rows", async () => {
    const pictures = tracePictures(await traceOf({ readHeads: 2, writeHeads: 2 }), { cell: 1 });
    expect(pictures.map(({ name, width, height }) => `${name} ${width} x ${height}`)).toMatchInlineSnapshot(`
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
    expect(named(pictures, "write_weights_2").title).toBe("Write weights, head 2");
    expect(named(pictures, "gates").rowLabels).toMatchInlineSnapshot(`
      [
        "write gate 1",
        "write gate 2",
        "allocation gate 1",
        "allocation gate 2",
        "free gate 1",
        "free gate 2",
      ]
    `);
    expect(named(pictures, "read_modes").rowLabels).toMatchInlineSnapshot(`
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

  it("have the colours of the trace's numbers", async () => {
    const trace = await traceOf({ readHeads: 2, writeHeads: 2 });
    for (const element of [0, 1]) {
      const pictures = tracePictures(trace, { element, cell: 1 });
      const weights = (name: string, head: number) => (slot: number, time: number) =>
        numberAt(trace, name, time, element, head, slot);
      expectCells(named(pictures, "memory"), "diverging", (slot, place) =>
        numberAt(trace, "memory", TIME - 1, element, slot, place),
      );
      expectCells(named(pictures, "memory_norms"), "sequential", (slot, time) => {
        const word = Array.from({ length: WORD }, (_, place) => numberAt(trace, "memory", time, element, slot, place));
        return Math.sqrt(word.reduce((sum, number) => sum + number ** 2, 0));
      });
      expectCells(named(pictures, "usage"), "sequential", (slot, time) =>
        numberAt(trace, "usage", time, element, slot),
      );
      expectCells(named(pictures, "allocation_weights_1"), "sequential", weights("allocationWeights", 0));
      expectCells(named(pictures, "write_content_weights_2"), "sequential", weights("writeContentWeights", 1));
      expectCells(named(pictures, "write_weights_1"), "sequential", weights("writeWeights", 0));
      expectCells(named(pictures, "read_weights_2"), "sequential", weights("readWeights", 1));
      expectCells(named(pictures, "gates"), "sequential", (row, time) =>
        numberAt(trace, ["writeGate", "allocationGate", "freeGate"][row >> 1], time, element, row & 1),
      );
      expectCells(named(pictures, "read_modes"), "sequential", (row, time) =>
        numberAt(trace, "readMode", time, element, Math.floor(row / 5), row % 5),
      );
    }
  });

  it("have ranges of the data where there is no other", async () => {
    const trace = await traceOf({ readHeads: 1, writeHeads: 1 });
    const pictures = tracePictures(trace);
    const last = Array.from({ length: SLOTS * WORD }, (_, index) =>
      numberAt(trace, "memory", TIME - 1, 0, Math.floor(index / WORD), index % WORD),
    );
    const most = Math.max(...last.map(Math.abs));
    expect(named(pictures, "memory").range).toEqual([-most, most]);
    expect(named(pictures, "memory_norms").range[0]).toBe(0);
    const brightest = pixelsOf(named(pictures, "memory_norms")).flat().map(String);
    expect(brightest).toContain(String(colourAt("sequential", 1)));
  });

  it("have ranges of the numbers beside what is none", async () => {
    const trace = await traceOf({ readHeads: 1, writeHeads: 1 });
    const spoilt = withMemory(trace, (memory) => ({
      ...memory,
      data: memory.data.map((_, index) => [Number.NaN, Number.POSITIVE_INFINITY, -3, 2][index % 4]),
    }));
    expect(named(tracePictures(spoilt), "memory").range).toEqual([-3, 3]);
    expect(named(tracePictures(spoilt), "memory_norms").range).toEqual([0, 1]);
  });

  it("are drawn where all is 0 or no number", async () => {
    const trace = await traceOf({ readHeads: 1, writeHeads: 1 });
    const filled = (value: number) =>
      withMemory(trace, (memory) => ({ ...memory, data: memory.data.map(() => value) }));
    const [empty, spoilt] = [filled(0), filled(Number.NaN)].map((each) => tracePictures(each, { cell: 1 }));
    expect(named(empty, "memory").range).toEqual([-1, 1]);
    expect(new Set(pixelsOf(named(empty, "memory")).flat().map(String))).toEqual(new Set(["247,247,247"]));
    expect(new Set(pixelsOf(named(spoilt, "memory_norms")).flat().map(String))).toEqual(new Set(["128,128,128"]));
  });

  it("have cells of 8 pixels", async () => {
    const pictures = tracePictures(await traceOf({ readHeads: 1, writeHeads: 1 }));
    expect(named(pictures, "usage")).toMatchObject({ width: 8 * TIME, height: 8 * SLOTS });
  });
});

describe("what is refused", () => {
  it("is an element that is not in the batch, half a pixel, or data that do not fit", async () => {
    const trace = await traceOf({ readHeads: 1, writeHeads: 1 });
    const element = (value: number) => () => tracePictures(trace, { element: value });
    expect(element(2)).toThrow(new RangeError("element: expected an integer from 0 to 1, got 2"));
    expect(element(-1)).toThrow(new RangeError("element: expected an integer from 0 to 1, got -1"));
    expect(element(0.5)).toThrow(new RangeError("element: expected an integer from 0 to 1, got 0.5"));
    expect(() => tracePictures(trace, { cell: 0.5 })).toThrow(
      new RangeError("cell: expected a positive integer, got 0.5"),
    );
    const short = withMemory(trace, (memory) => ({ ...memory, data: memory.data.slice(1) }));
    expect(() => tracePictures(short)).toThrow(
      new RangeError("trace.memory: expected as many numbers as [5,2,6,4] has, at least 1, got 239"),
    );
    const flat = withMemory(trace, (memory) => ({ ...memory, shape: [TIME, BATCH, SLOTS * WORD] }));
    expect(() => tracePictures(flat)).toThrow(new RangeError("trace.memory: expected rank 4, got [5,2,24]"));
  });

  it("is a trace that lacks a quantity", async () => {
    const trace = await traceOf({ readHeads: 1, writeHeads: 1 });
    const needed = ["memory", "usage", "allocationWeights", "writeContentWeights", "writeWeights", "readWeights"];
    for (const name of [...needed, "writeGate", "allocationGate", "freeGate", "readMode"]) {
      const { [name]: _, ...quantities } = trace.quantities;
      expect(() => tracePictures({ ...trace, quantities })).toThrow(
        new TypeError(`trace: expected the quantity ${name}, got none`),
      );
    }
    expect(() => tracePictures(undefined as never)).toThrow(TypeError);
  });
});

type Quantity = TraceData["quantities"][string];

function withMemory(trace: TraceData, change: (memory: Quantity) => Quantity): TraceData {
  return { ...trace, quantities: { ...trace.quantities, memory: change(trace.quantities.memory) } };
}
