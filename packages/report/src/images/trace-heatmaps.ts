import { checkInteger } from "../checks.js";
import { heatmap } from "./heatmap.js";
import type { NamedImage, RgbImage } from "./image.js";
import type { Palette } from "./palette.js";
import { overTime, type Series, seriesIfPresent, seriesOf, type TraceData } from "./trace-series.js";

/** Options of {@link traceHeatmaps}. */
export type TraceHeatmapsOptions = {
  /** Index of the batch element to draw; default: 0. */
  readonly element?: number | undefined;
  /** Side of a cell in pixels; default: 8. */
  readonly cell?: number | undefined;
};

/** A matrix as an array of rows, and how to draw it. */
type Drawing = Omit<NamedImage, keyof RgbImage> & {
  readonly matrix: readonly (readonly number[])[];
  readonly palette?: Palette;
};

/** The range of weights, gates and modes. */
const UNIT = [0, 1] as const;

/**
 * Draws the memory of a `Dnc` over one sequence as heatmaps.
 *
 *     const images = traceHeatmaps(await serializeTrace(trace), { cell: 4 });
 *
 * The images are: the memory after the last time step; then over time the norms of its words, usage, allocation weights, write
 * content weights, write weights and read weights, with an image per head; the gates; the read modes, if it
 * has links.
 *
 * @param trace - trace of a `Dnc`, as plain data.
 * @param options - which sequence of the batch, and the size of a cell.
 * @returns the images in that order.
 * @throws RangeError if `element` is not in the batch, `cell` is not a positive integer or a quantity's data do not fit its
 *   shape; TypeError if the trace lacks a quantity.
 */
export function traceHeatmaps(trace: TraceData, options: TraceHeatmapsOptions = {}): NamedImage[] {
  const { element = 0, cell = 8 } = options;
  checkInteger("cell", cell, 1);
  const of = (name: string, rank: number) => seriesOf(trace, name, rank, element);
  const memory = of("memory", 2);
  const modes = seriesIfPresent(trace, "readMode", 2, element);
  const drawings: Drawing[] = [
    lastMemory(memory),
    memoryNorms(memory),
    { name: "usage", title: "Usage", ...SLOTS_OVER_TIME, range: UNIT, matrix: overTime(of("usage", 1)) },
    ...heads("allocation_weights", "Allocation weighting", of("allocationWeights", 2)),
    ...heads("write_content_weights", "Write content weighting", of("writeContentWeights", 2)),
    ...heads("write_weights", "Write weighting", of("writeWeights", 2)),
    ...heads("read_weights", "Read weighting", of("readWeights", 2)),
    gates(of("writeGate", 1), of("allocationGate", 1), of("freeGate", 1)),
    ...(modes ? [readModes(modes, of("writeGate", 1).shape[0])] : []),
  ];
  return drawings.map(({ matrix, palette = "sequential", ...named }) => {
    const { range } = named;
    return { ...named, ...heatmap(matrix.flat(), matrix.length, matrix[0].length, { range, palette, cell }) };
  });
}

const SLOTS_OVER_TIME = { rows: "memory slots", columns: "time" } as const;

function lastMemory(memory: Series): Drawing {
  const [slots, wordSize] = memory.shape;
  const last = memory.at(memory.timeSteps - 1);
  const most = largest(last.map(Math.abs));
  return {
    name: "memory",
    title: "Memory after the last time step",
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
    timeSteps: memory.timeSteps,
    shape: [slots],
    at: (step: number) => {
      const words = memory.at(step);
      return Array.from({ length: slots }, (_, slot) =>
        Math.hypot(...words.slice(slot * wordSize, (slot + 1) * wordSize)),
      );
    },
  };
  const matrix = overTime(norms);
  const range = [0, largest(matrix.flat())] as const;
  return { name: "memory_norms", title: "Memory: length of the word in each slot", ...SLOTS_OVER_TIME, range, matrix };
}

/** Draws weights over slots, with one image per head. */
function heads(name: string, title: string, weights: Series): Drawing[] {
  const [count, slots] = weights.shape;
  const rows = overTime(weights);
  return Array.from({ length: count }, (_, head) => ({
    name: count === 1 ? name : `${name}_${head + 1}`,
    title: numbered(title, count, "head ")[head],
    ...SLOTS_OVER_TIME,
    range: UNIT,
    matrix: rows.slice(head * slots, (head + 1) * slots),
  }));
}

function gates(write: Series, allocation: Series, free: Series): Drawing {
  return {
    name: "gates",
    title: "Gates",
    rows: "gates",
    columns: "time",
    range: UNIT,
    rowLabels: [
      ...numbered("write gate", write.shape[0]),
      ...numbered("allocation gate", allocation.shape[0]),
      ...numbered("free gate", free.shape[0]),
    ],
    matrix: [write, allocation, free].flatMap(overTime),
  };
}

/** Draws the read modes of each read head: backward and forward per write head, and content. */
function readModes(modes: Series, writeHeads: number): Drawing {
  const [readHeads] = modes.shape;
  const labels = [...numbered("backward", writeHeads), ...numbered("forward", writeHeads), "content"];
  return {
    name: "read_modes",
    title: "Read modes",
    rows: "modes of each read head",
    columns: "time",
    range: UNIT,
    rowLabels:
      readHeads === 1
        ? labels
        : numbered("head", readHeads).flatMap((head) => labels.map((label) => `${head}, ${label}`)),
    matrix: overTime(modes),
  };
}

/**
 * Numbers a label, or returns it unchanged if there is only one.
 *
 * @param of - what is numbered, with a space after it, if the label does not say it; default: nothing.
 */
export function numbered(label: string, count: number, of = ""): string[] {
  if (count === 1) return [label];
  return Array.from({ length: count }, (_, index) => `${label}${of && ","} ${of}${index + 1}`);
}

/** Finds the largest of the finite numbers; 1 if all are 0. */
function largest(numbers: readonly number[]): number {
  return numbers.filter(Number.isFinite).reduce((most, number) => Math.max(most, number), 0) || 1;
}
