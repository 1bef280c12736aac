import type { TraceData } from "@dnc/core";
import { checkInteger } from "./checks.js";
import { heatmap } from "./heatmap.js";
import type { Palette } from "./palette.js";
import type { Picture } from "./picture.js";
import { type Series, seriesOf } from "./trace-series.js";

/** A picture and what it shows. */
export interface NamedPicture extends Picture {
  /** In the manner of `write_weights`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** What a row is, from top to bottom. */
  readonly rows: string;
  /** What a column is, from left to right. */
  readonly columns: string;
  /** What the first and the last colour stand for. */
  readonly range: readonly [low: number, high: number];
  /** The rows' names, where they are not numbers. */
  readonly rowLabels?: readonly string[];
}

/** What to draw of a trace. */
export interface TracePicturesOptions {
  /** Of the batch; the first, 0. */
  readonly element?: number;
  /** Pixels along each side of a cell; 8. */
  readonly cell?: number;
}

/** A matrix by rows, and how to draw it. */
type Drawing = Omit<NamedPicture, keyof Picture> & {
  readonly matrix: readonly (readonly number[])[];
  readonly palette?: Palette;
};

const SHARE = [0, 1] as const;

/**
 * Pictures of what a memory did with one sequence: the memory after the last step, then step by step the lengths of its
 * words, how much each slot is in use, where each head writes and reads, and what the gates and modes are.
 *
 * @param trace - of `serializeTrace`.
 * @throws RangeError if `element` is not in the batch, `cell` is no positive integer or a quantity's data do not fit its
 *   shape; TypeError if the trace lacks a quantity.
 */
export function tracePictures(trace: TraceData, options: TracePicturesOptions = {}): NamedPicture[] {
  const { element = 0, cell = 8 } = options;
  checkInteger("cell", cell, 1);
  const of = (name: string, rank: number) => seriesOf(trace, name, rank, element);
  const memory = of("memory", 2);
  const drawings: Drawing[] = [
    lastMemory(memory),
    memoryNorms(memory),
    { name: "usage", title: "Usage", ...slotsOverTime, range: SHARE, matrix: overTime(of("usage", 1)) },
    ...heads("allocation_weights", "Allocation weights", of("allocationWeights", 2)),
    ...heads("write_content_weights", "Write content weights", of("writeContentWeights", 2)),
    ...heads("write_weights", "Write weights", of("writeWeights", 2)),
    ...heads("read_weights", "Read weights", of("readWeights", 2)),
    gates(of("writeGate", 1), of("allocationGate", 1), of("freeGate", 1)),
    readModes(of("readMode", 2), of("writeGate", 1).shape[0]),
  ];
  return drawings.map(({ matrix, palette = "sequential", ...named }) => {
    const { range } = named;
    return { ...named, ...heatmap(matrix.flat(), matrix.length, matrix[0].length, { range, palette, cell }) };
  });
}

const slotsOverTime = { rows: "memory slots", columns: "time" } as const;

function lastMemory(memory: Series): Drawing {
  const [slots, wordSize] = memory.shape;
  const last = memory.at(memory.time - 1);
  const most = largest(last.map(Math.abs));
  return {
    name: "memory",
    title: "Memory after the last step",
    rows: "memory slots",
    columns: "word",
    range: [-most, most],
    palette: "diverging",
    matrix: Array.from({ length: slots }, (_, slot) => last.slice(slot * wordSize, (slot + 1) * wordSize)),
  };
}

function memoryNorms(memory: Series): Drawing {
  const [slots, wordSize] = memory.shape;
  const norms = {
    time: memory.time,
    shape: [slots],
    at: (time: number) => {
      const words = memory.at(time);
      return Array.from({ length: slots }, (_, slot) =>
        Math.hypot(...words.slice(slot * wordSize, (slot + 1) * wordSize)),
      );
    },
  };
  const matrix = overTime(norms);
  const range = [0, largest(matrix.flat())] as const;
  return { name: "memory_norms", title: "Lengths of the memory's words", ...slotsOverTime, range, matrix };
}

/** One picture a head of weights over slots. */
function heads(name: string, title: string, weights: Series): Drawing[] {
  const [count, slots] = weights.shape;
  const rows = overTime(weights);
  return Array.from({ length: count }, (_, head) => ({
    name: count === 1 ? name : `${name}_${head + 1}`,
    title: count === 1 ? title : `${title}, head ${head + 1}`,
    ...slotsOverTime,
    range: SHARE,
    matrix: rows.slice(head * slots, (head + 1) * slots),
  }));
}

function gates(write: Series, allocation: Series, free: Series): Drawing {
  return {
    name: "gates",
    title: "Gates",
    rows: "gates",
    columns: "time",
    range: SHARE,
    rowLabels: [
      ...numbered("write gate", write.shape[0]),
      ...numbered("allocation gate", allocation.shape[0]),
      ...numbered("free gate", free.shape[0]),
    ],
    matrix: [write, allocation, free].flatMap(overTime),
  };
}

/** Per read head: how much of the backward and forward weights of each write head and of the content weights it takes. */
function readModes(modes: Series, writeHeads: number): Drawing {
  const [readHeads] = modes.shape;
  const labels = [...numbered("backward", writeHeads), ...numbered("forward", writeHeads), "content"];
  return {
    name: "read_modes",
    title: "Read modes",
    rows: "modes of each read head",
    columns: "time",
    range: SHARE,
    rowLabels:
      readHeads === 1
        ? labels
        : numbered("head", readHeads).flatMap((head) => labels.map((label) => `${head}, ${label}`)),
    matrix: overTime(modes),
  };
}

/** A row for each number of a step, a column for each step. */
function overTime({ time, shape, at }: Series): number[][] {
  const steps = Array.from({ length: time }, (_, step) => at(step));
  const rows = shape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: rows }, (_, row) => steps.map((numbers) => numbers[row]));
}

/** The label alone where there is only one. */
function numbered(label: string, count: number): string[] {
  return count === 1 ? [label] : Array.from({ length: count }, (_, index) => `${label} ${index + 1}`);
}

/** The largest of the finite numbers; 1 where all are 0. */
function largest(numbers: readonly number[]): number {
  return numbers.filter(Number.isFinite).reduce((most, number) => Math.max(most, number), 0) || 1;
}
