import * as tf from "@tensorflow/tfjs-core";

/** Tensors of all time steps, `[time, ...]`, by name. */
export type Series<Names extends string> = { readonly [Name in Names]: tf.Tensor };

/** Stacks the named tensors over the time steps, with one kernel per name. */
export function stackSeries<Names extends string>(
  steps: readonly { readonly [Name in Names]: tf.Tensor }[],
  names: readonly Names[],
): Series<Names> {
  const entries = names.map((name) => [name, tf.stack(steps.map((step) => step[name]))]);
  return Object.fromEntries(entries);
}

/** Inverts `stackSeries`: splits each tensor into its time steps. */
export function unstackSeries<Names extends string>(series: Series<Names>): Series<Names>[] {
  const names = Object.keys(series) as Names[];
  const columns = names.map((name) => tf.unstack(series[name]));
  return columns[0].map((_, step) => {
    const entries = names.map((name, index) => [name, columns[index][step]]);
    return Object.fromEntries(entries) as Series<Names>;
  });
}
