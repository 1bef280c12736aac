import { QUANTITIES } from "../trace/quantities.js";
import type { SequenceTrace } from "../trace/trace.js";
import { wordsOf } from "../trace/words.js";
import type { Watched } from "./watched.js";

/** A strip: a quantity over time, a row per channel or slot. */
export interface Strip {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly string[];
  readonly range: readonly [number, number];
  /** `[rows, timeSteps]`. */
  readonly values: Float32Array;
  /** Whether rows are slots, which can be followed. */
  readonly isOfSlots?: boolean | undefined;
  /** A word for each time step, for channels that stand for words; empty where none is active. */
  readonly words?: readonly string[] | undefined;
}

/** The strips of a sequence: inputs, targets, outputs, and where it was written and read. */
export function stripsOf({ view, trace, slotOrder }: Watched): readonly Strip[] {
  const channels = (name: string, labels: readonly string[] | undefined): Strip[] => {
    const [count = 0] = trace.shape(name);
    if (count === 0 || (name === "target" && view.withoutTargets)) return [];
    const [low, high] = trace.range(name);
    const rows = Array.from({ length: count }, (_, channel) => labels?.[channel] ?? `channel ${channel}`);
    const values = overTime(trace, count, (step) => trace.at(name, step));
    const title = titleOf(name);
    const words = view.reading === "symbols" && labels ? wordsOf(trace, name, labels) : undefined;
    return [{ name, title, rows, range: [Math.min(0, low), Math.max(1, high)], values, words }];
  };
  const slots = (name: string, heads: number): Strip[] => {
    if (heads === 0) return [];
    const most = new Float32Array(trace.slots);
    const values = overTime(trace, trace.slots, (step) => {
      const all = Array.from({ length: heads }, (_, head) => trace.at(name, step, head));
      slotOrder.forEach((slot, row) => {
        most[row] = all.reduce((largest, weights) => Math.max(largest, weights[slot] as number), 0);
      });
      return most;
    });
    const title = heads > 1 ? `${titleOf(name)}, most of ${heads} heads` : titleOf(name);
    return [{ name, title, rows: slotOrder.map((slot) => `slot ${slot}`), range: [0, 1], values, isOfSlots: true }];
  };
  return [
    ...channels("observations", view.labels?.inputs),
    ...channels("target", view.labels?.targets),
    ...channels("output", view.labels?.targets),
    ...slots("writeWeights", trace.writeHeads),
    ...slots("readWeights", trace.readHeads),
  ];
}

function titleOf(name: string): string {
  return QUANTITIES[name]?.title ?? name;
}

/** Lays out a row of numbers per time step as a column each. */
function overTime({ timeSteps }: SequenceTrace, rows: number, at: (step: number) => Float32Array): Float32Array {
  const values = new Float32Array(rows * timeSteps);
  for (let step = 0; step < timeSteps; step++) {
    const column = at(step);
    for (let row = 0; row < rows; row++) values[row * timeSteps + step] = column[row] as number;
  }
  return values;
}
