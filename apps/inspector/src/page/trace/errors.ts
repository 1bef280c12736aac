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

/** Largest difference between a number and its target that counts as right; it must be smaller. */
const MAX_DIFFERENCE = 0.5;

/**
 * Compares the output with the target wherever the mask is not 0, as `wrongSymbols` of `@dnc/tasks` does with outputs before the sigmoid:
 * bit by bit, symbol by symbol, or number by number. NaN is wrong.
 */
export function correctness(trace: SequenceTrace, { reading, groupSizes }: SequenceView): Correctness {
  const wrong: WrongCell[] = [];
  let counted = 0;
  for (let step = 0; step < trace.timeSteps; step++) {
    if (!((trace.at("mask", step)[0] ?? 0) > 0)) continue;
    const [output, target] = [trace.at("output", step), trace.at("target", step)];
    const found =
      reading === "symbols"
        ? wrongSymbols(output, target, groupSizes)
        : wrongChannels(output, target, IS_RIGHT[reading]);
    counted += reading === "symbols" ? (groupSizes?.length ?? 1) : output.length;
    wrong.push(...found.map((channel) => ({ step, channel })));
  }
  return { wrong, counted };
}

type IsRight = (output: number, target: number) => boolean;

const IS_RIGHT: Readonly<Record<"bits" | "numbers", IsRight>> = {
  bits: (output, target) => (target === 1 ? output > 0.5 : target === 0 && output <= 0.5),
  numbers: (output, target) => Math.abs(output - target) < MAX_DIFFERENCE,
};

function wrongChannels(output: Float32Array, target: Float32Array, isRight: IsRight): number[] {
  return Array.from(output.keys()).filter((channel) => !isRight(output[channel] as number, target[channel] as number));
}

/** The channels that were chosen although the target is another one of the group; of a group with NaN, the first. */
function wrongSymbols(
  output: Float32Array,
  target: Float32Array,
  sizes: readonly number[] = [output.length],
): number[] {
  let start = 0;
  return sizes.flatMap((size) => {
    const [from, to] = [start, start + size];
    start = to;
    const group = output.subarray(from, to);
    if (group.some(Number.isNaN)) return [from];
    const chosen = largest(group);
    return chosen === largest(target.subarray(from, to)) ? [] : [from + chosen];
  });
}
