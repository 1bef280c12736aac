import type { StoredTensor } from "@dnc/checkpoint";
import type { Divergence } from "@dnc/training";

/** A divergence, and the state of the run. */
type Details = Pick<Divergence, "step" | "loss" | "gradientNorm"> & {
  /** Description: `the loss of iteration 12 is NaN`. */
  readonly cause: string;
  /** The network's variables. */
  readonly parameters: readonly StoredTensor[];
  /** Path of the last checkpoint, if one was written. */
  readonly lastCheckpoint: string | undefined;
};

/** Describes a run whose loss, gradients or weights are not finite: as text, and as a line of metrics.jsonl. */
export function describeDivergence({ step, cause, loss, gradientNorm, parameters, lastCheckpoint }: Details): {
  readonly what: string;
  readonly record: object;
} {
  const norms = parameterNorms(parameters);
  const width = Math.max(...norms.map(([name]) => name.length));
  const lines = norms.map(([name, norm]) => `  ${name.padEnd(width)}  ${formatNumber(norm)}`);
  const head = [`${cause}; training stopped`, `gradient norm: ${formatNumber(gradientNorm)}`];
  return {
    what: [...head, "norms of the parameters:", ...lines].join("\n"),
    record: {
      step,
      error: cause,
      loss: jsonNumber(loss),
      gradient_norm: jsonNumber(gradientNorm),
      parameter_norms: Object.fromEntries(norms.map(([name, norm]) => [name, jsonNumber(norm)])),
      last_good_checkpoint: lastCheckpoint ?? null,
    },
  };
}

/** Computes Euclidean norms, sorted: those that are not finite first, otherwise in the given order. */
function parameterNorms(parameters: readonly StoredTensor[]): [string, number][] {
  const norms = parameters.map(({ name, values }): [string, number] => {
    let squares = 0;
    for (const value of values) squares += value * value;
    return [name, Math.sqrt(squares)];
  });
  return norms.sort(([, a], [, b]) => Number(Number.isFinite(a)) - Number(Number.isFinite(b)));
}

function formatNumber(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(6) : String(value);
}

/** Converts a number for JSON, which has no NaN or infinity: they become strings. */
function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
