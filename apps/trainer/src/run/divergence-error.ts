import type { StoredTensor } from "@dnc/checkpoint";
import { visibleLine } from "../terminal/visible.js";

interface Divergence {
  readonly step: number;
  /** Which number, in words: `the loss of iteration 12 is NaN`. */
  readonly what: string;
  readonly loss: number;
  readonly gradientNorm: number;
  /** The variables as they stand. */
  readonly parameters: readonly StoredTensor[];
  /** Path of the last checkpoint, if one was written. */
  readonly lastGood: string | undefined;
}

/** A run that left the numbers: its loss, gradient or weights are not finite. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  /** What metrics.jsonl keeps of it. */
  readonly record: object;

  constructor({ step, what, loss, gradientNorm, parameters, lastGood }: Divergence) {
    const norms = parameterNorms(parameters);
    const width = Math.max(...norms.map(([name]) => name.length));
    const lines = norms.map(([name, norm]) => `  ${name.padEnd(width)}  ${shownNumber(norm)}`);
    super(
      [
        `${what}; training stopped`,
        `gradient norm: ${shownNumber(gradientNorm)}`,
        "norms of the parameters:",
        ...lines,
        `last good checkpoint: ${(lastGood && visibleLine(lastGood)) ?? "none was written; --checkpoint_interval says how often one is"}`,
        "a smaller --learning_rate or --max_grad_norm may help",
      ].join("\n"),
    );
    this.record = {
      step,
      error: what,
      loss: jsonNumber(loss),
      gradient_norm: jsonNumber(gradientNorm),
      parameter_norms: Object.fromEntries(norms.map(([name, norm]) => [name, jsonNumber(norm)])),
      last_good_checkpoint: lastGood ?? null,
    };
  }
}

/** The first tensor with a value that is not finite. */
export function firstNonFinite(tensors: readonly StoredTensor[]): string | undefined {
  return tensors.find(({ values }) => !allFinite(values))?.name;
}

/** Several times as fast as asking each value. */
function allFinite(values: Float32Array): boolean {
  let sum = 0;
  // A finite number minus itself is 0; anything else is NaN from then on.
  for (const value of values) sum += value - value;
  return sum === 0;
}

/** Euclidean norms, those that are not finite first, otherwise in the given order. */
function parameterNorms(parameters: readonly StoredTensor[]): [string, number][] {
  const norms = parameters.map(({ name, values }): [string, number] => {
    let squares = 0;
    for (const value of values) squares += value * value;
    return [name, Math.sqrt(squares)];
  });
  return norms.sort(([, a], [, b]) => Number(Number.isFinite(a)) - Number(Number.isFinite(b)));
}

function shownNumber(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(6) : String(value);
}

/** JSON has no NaN and no infinity: they become their names. */
function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
