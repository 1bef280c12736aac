import type { SequenceView } from "./sequence-view.js";
import { largest, type SequenceTrace } from "./trace.js";

/** A wrong cell of an output: its time step and channel. */
export interface WrongCell {
  readonly step: number;
  readonly channel: number;
}

/** How much of the output that counts is right. */
export interface Correctness {
  readonly wrong: readonly WrongCell[];
  /** Number of bits or symbols that count. */
  readonly counted: number;
}

/** Compares the output with the target wherever the mask is not 0: bit by bit, or symbol by symbol. */
export function correctness(trace: SequenceTrace, { reading, groupSizes }: SequenceView): Correctness {
  const wrong: WrongCell[] = [];
  let counted = 0;
  for (let step = 0; step < trace.timeSteps; step++) {
    if (!((trace.at("mask", step)[0] ?? 0) > 0)) continue;
    const [output, target] = [trace.at("output", step), trace.at("target", step)];
    const found = reading === "symbols" ? wrongSymbols(output, target, groupSizes) : wrongBits(output, target);
    counted += reading === "symbols" ? (groupSizes?.length ?? 1) : output.length;
    wrong.push(...found.map((channel) => ({ step, channel })));
  }
  return { wrong, counted };
}

function wrongBits(output: Float32Array, target: Float32Array): number[] {
  return Array.from(output.keys()).filter(
    (channel) => Number((output[channel] as number) > 0.5) !== Math.round(target[channel] ?? 0),
  );
}

/** The channels that were chosen although the target is another one of the group. */
function wrongSymbols(
  output: Float32Array,
  target: Float32Array,
  sizes: readonly number[] = [output.length],
): number[] {
  let start = 0;
  return sizes.flatMap((size) => {
    const [from, to] = [start, start + size];
    start = to;
    const chosen = largest(output.subarray(from, to));
    return chosen === largest(target.subarray(from, to)) ? [] : [from + chosen];
  });
}
