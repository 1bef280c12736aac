import type { ChannelLabels } from "../channel-labels.js";
import { numbered } from "../images/trace-heatmaps.js";
import { overTime, type Series, seriesIfPresent, type TraceData } from "../images/trace-series.js";

/** A quantity over time: a row for each slot, channel or gate, a column for each time step. */
export type Strip = {
  readonly title: string;
  /** What it means, in a few words. */
  readonly note?: string | undefined;
  /** `[row][time]`. */
  readonly matrix: readonly (readonly number[])[];
  /** Names of the rows; "slots" if each row is a slot of the memory. */
  readonly rows: readonly string[] | "slots";
  readonly range: readonly [low: number, high: number];
};

/** Strips under a heading. */
export type StripGroup = {
  readonly title: string;
  readonly strips: readonly Strip[];
  /** Whether it is hidden until it is opened; default: false. */
  readonly isFolded?: boolean | undefined;
};

const UNIT = [0, 1] as const;

/** Title of the group that the link matrices belong to. */
export const LINKS = "Temporal links";

/**
 * Arranges the quantities of a trace in groups: sequence, writing, links, reading, and a group for each read head. Skips
 * quantities that the trace lacks, and those of its links if it has none.
 *
 * @param options - `element`: index of the sequence in the batch; `outputs`: what the outputs are; default: 0, probabilities.
 */
export function stripGroups(
  trace: TraceData,
  labels: ChannelLabels,
  { element = 0, outputs = "probabilities" }: { readonly element?: number; readonly outputs?: string | undefined } = {},
): readonly StripGroup[] {
  const of = (name: string, rank: number) => seriesIfPresent(trace, name, rank, element);
  const heads = of("readWeights", 2)?.shape[0] ?? 0;
  const groups: StripGroup[] = [
    { title: "Sequence", strips: sequence(of, labels, outputs) },
    { title: "Writing", strips: writing(of) },
    { title: LINKS, strips: slotStrips("Precedence weighting", of("precedenceWeights", 2), PRECEDENCE) },
    { title: "Reading", strips: reading(of) },
    ...Array.from({ length: heads }, (_, head) => ({
      title: heads === 1 ? "How the read head reads" : `How read head ${head + 1} reads`,
      strips: readHead(of, head),
      isFolded: head > 0,
    })),
  ];
  const hasLinks = of("link", 3) !== undefined;
  return groups.filter(({ title, strips }) => strips.length > 0 || (title === LINKS && hasLinks));
}

type Reader = (name: string, rank: number) => Series | undefined;

const PRECEDENCE = "how much each slot was the last one written";
const CONTENT = "how well each slot matches the key";

function sequence(of: Reader, labels: ChannelLabels, outputs: string): Strip[] {
  return [
    ...channels("Input", of("observations", 1), labels.inputs),
    ...channels("Target", of("target", 1), labels.targets),
    ...channels("Output", of("output", 1), labels.targets, outputs),
  ];
}

function channels(
  title: string,
  series: Series | undefined,
  labels: readonly string[] | undefined,
  note?: string,
): Strip[] {
  if (!series) return [];
  const matrix = overTime(series);
  const rows = labels?.length === matrix.length ? labels : matrix.map((_, channel) => String(channel));
  return [{ title, note, matrix, rows, range: rangeOf(matrix) }];
}

function writing(of: Reader): Strip[] {
  const gates = ["writeGate", "allocationGate"].flatMap((name) => gateRows(name, of(name, 1)));
  return [
    ...labelled("Write and allocation gates", gates),
    ...slotStrips("Usage", of("usage", 1)),
    ...slotStrips("Allocation weighting", of("allocationWeights", 2), "the slots that are free"),
    ...slotStrips("Write content weighting", of("writeContentWeights", 2), CONTENT),
    ...masks("Write mask", of("writeMasks", 2)),
    ...slotStrips("Write weighting", of("writeWeights", 2)),
    ...norms(of("memory", 2)),
  ];
}

function reading(of: Reader): Strip[] {
  return [
    ...labelled("Free gates", gateRows("freeGate", of("freeGate", 1))),
    ...slotStrips("Read weighting", of("readWeights", 2)),
  ];
}

function readHead(of: Reader, head: number): Strip[] {
  const modes = of("readMode", 2);
  const rows = modes && overTime(at(modes, head));
  const writeHeads = rows ? (rows.length - 1) / 2 : 0;
  const names = [...numbered("backward", writeHeads), ...numbered("forward", writeHeads), "content"];
  const links = (name: string) => {
    const series = of(name, 3);
    return series && at(series, head);
  };
  return [
    ...(rows ? [{ title: "Read modes", matrix: rows, rows: names, range: UNIT }] : []),
    ...slotStrips("Backward weighting", links("backwardWeights"), "slots written before those read", "write head "),
    ...slotStrips("Forward weighting", links("forwardWeights"), "slots written after those read", "write head "),
    ...slotStrips("Read content weighting", ofHead(of("readContentWeights", 2), head), CONTENT),
    ...masks("Read mask", ofHead(of("readMasks", 2), head)),
    ...sharpness(ofHead(of("forwardSharpness", 2), head), ofHead(of("backwardSharpness", 2), head)),
  ];
}

/** Draws a quantity of each slot, with a strip per head if it has heads. */
function slotStrips(title: string, series: Series | undefined, note?: string, head = "head "): Strip[] {
  if (!series) return [];
  const slots = series.shape[series.shape.length - 1];
  const matrix = overTime(series);
  const names = numbered(title, matrix.length / slots, head);
  return names.map((name, index) => ({
    title: name,
    note,
    matrix: matrix.slice(index * slots, (index + 1) * slots),
    rows: "slots",
    range: UNIT,
  }));
}

/** Draws masks of keys, with a strip per head and a row per component of a word. */
function masks(title: string, series: Series | undefined): Strip[] {
  return slotStrips(title, series, "the components of a word that count").map((strip) => ({
    ...strip,
    rows: strip.matrix.map((_, component) => `component ${component}`),
  }));
}

function sharpness(forward: Series | undefined, backward: Series | undefined): Strip[] {
  if (!forward || !backward) return [];
  const rows = [forward, backward].map(overTime);
  const names = ["forward", "backward"].flatMap((name, index) => numbered(name, rows[index].length));
  return [{ title: "Link sharpness", matrix: rows.flat(), rows: names, range: rangeOf(rows.flat()) }];
}

function norms(memory: Series | undefined): Strip[] {
  if (!memory) return [];
  const [slots, wordSize] = memory.shape;
  const words = overTime(memory);
  const matrix = Array.from({ length: slots }, (_, slot) =>
    words[0].map((_, step) =>
      Math.hypot(...words.slice(slot * wordSize, (slot + 1) * wordSize).map((row) => row[step])),
    ),
  );
  return [
    { title: "Memory", note: "the length of the word in each slot", matrix, rows: "slots", range: rangeOf(matrix) },
  ];
}

const GATES: Readonly<Record<string, string>> = {
  writeGate: "write gate",
  allocationGate: "allocation gate",
  freeGate: "free gate",
};

function gateRows(name: string, series: Series | undefined): { label: string; values: readonly number[] }[] {
  if (!series) return [];
  const rows = overTime(series);
  return numbered(GATES[name], rows.length).map((label, row) => ({ label, values: rows[row] }));
}

function labelled(title: string, rows: readonly { label: string; values: readonly number[] }[]): Strip[] {
  if (rows.length === 0) return [];
  return [{ title, matrix: rows.map(({ values }) => values), rows: rows.map(({ label }) => label), range: UNIT }];
}

function ofHead(series: Series | undefined, head: number): Series | undefined {
  return series && at(series, head);
}

/** Selects one entry of the first dimension of a series. */
function at({ timeSteps, shape: [, ...shape], at: all }: Series, index: number): Series {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return { timeSteps, shape, at: (step) => all(step).slice(index * size, (index + 1) * size) };
}

/** Returns the range of colours: from 0 to 1, or further if the numbers go further. */
function rangeOf(matrix: readonly (readonly number[])[]): readonly [number, number] {
  const finite = matrix.flat().filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), 0);
  const high = finite.reduce((most, value) => Math.max(most, value), low < 0 ? 0 : 1);
  return [low, high > low ? high : low + 1];
}
