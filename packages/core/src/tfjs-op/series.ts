import * as tf from "@tensorflow/tfjs-core";

/** The same tensor of all steps as one, `[time, ...]`. */
export type Series<Names extends string> = { readonly [Name in Names]: tf.Tensor };

/** Puts what the steps hold under these names one behind the other: one kernel a name. */
export function stackSeries<Names extends string>(
  steps: readonly { readonly [Name in Names]: tf.Tensor }[],
  names: readonly Names[],
): Series<Names> {
  const entries = names.map((name) => [name, tf.stack(steps.map((step) => step[name]))]);
  return Object.fromEntries(entries);
}

/** The inverse of `stackSeries` for all that a series holds: what each step needs of it. */
export function unstackSeries<Names extends string>(series: Series<Names>): Series<Names>[] {
  const names = Object.keys(series) as Names[];
  const columns = names.map((name) => tf.unstack(series[name]));
  return columns[0].map((_, step) => {
    const entries = names.map((name, index) => [name, columns[index][step]]);
    return Object.fromEntries(entries) as Series<Names>;
  });
}
