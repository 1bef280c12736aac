/** How Csordás and Schmidhuber present sequences of bits, and score them. */
import { assertBoolean } from "../checks.js";
import type { Step } from "../sequence.js";

/** Presentation and scoring of a sequence of bits. */
export type Presentation = {
  /** Whether inputs are -1 and 1 instead of 0 and 1. */
  readonly signedInputs: boolean;
  /** Whether the steps before the answer count too, with target 0. */
  readonly scoreInputs: boolean;
};

export const PRESENTATION: Presentation = { signedInputs: false, scoreInputs: false };

/** @throws TypeError if a value is neither true nor false. */
export function assertPresentation({ signedInputs, scoreInputs }: Presentation): void {
  assertBoolean("signedInputs", signedInputs);
  assertBoolean("scoreInputs", scoreInputs);
}

/** Applies a presentation to the steps of a sequence whose inputs are 0 and 1. */
export function presented(
  steps: readonly Step[],
  { signedInputs, scoreInputs }: Presentation,
  { inputSize, targetSize }: { readonly inputSize: number; readonly targetSize: number },
): readonly Step[] {
  if (!signedInputs && !scoreInputs) return steps;
  const blank = new Array<number>(inputSize).fill(-1);
  const none = new Array<number>(targetSize).fill(0);
  return steps.map(({ input, target }) => ({
    input: signedInputs ? (input?.map((bit) => 2 * bit - 1) ?? blank) : input,
    target: target ?? (scoreInputs ? none : undefined),
  }));
}

/** Lets the steps before the answer count, if they do, where the inputs are presented already. */
export function scored(
  steps: readonly Step[],
  { scoreInputs }: Presentation,
  widths: Parameters<typeof presented>[2],
): readonly Step[] {
  return presented(steps, { signedInputs: false, scoreInputs }, widths);
}

/** The number that shows an input as its bit. */
export function shownBit(value: number, { signedInputs }: Presentation): number {
  return signedInputs ? Number(value > 0) : value;
}
