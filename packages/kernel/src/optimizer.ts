/** The optimizer's numbers and state in the kernel's memory. */
import { biasCorrections, type CompleteOptimizerOptions, momentShare, type OptimizerState } from "@dnc/core/engine";
import type { ArrayField, NumberField } from "./generated/plan.js";
import type { KernelNetwork } from "./host.js";

/** As in source/plan.h. */
const OPTIMIZERS = { rmsprop: 0, adam: 1 };

/** The kernel's arrays of each quantity that has one number per parameter. */
const FIELDS: { readonly [quantity: string]: ArrayField } = {
  meanSquares: "meanSquares",
  momentum: "updates",
  firstMoments: "firstMoments",
  secondMoments: "secondMoments",
};

/** Creates the state of an optimizer before its first update, for that many parameters. */
export function initialOptimizerState(optimizer: CompleteOptimizerOptions, count: number): OptimizerState {
  if (optimizer.type === "adam")
    return {
      firstMoments: new Float32Array(count),
      secondMoments: new Float32Array(count),
      steps: new Float32Array(1),
    };
  const meanSquares = new Float32Array(count).fill(1);
  return optimizer.momentum > 0 ? { meanSquares, momentum: new Float32Array(count) } : { meanSquares };
}

/** Returns the optimizer's fields of the plan for the next update; `updates` is the number of updates so far. */
export function optimizerFields(
  optimizer: CompleteOptimizerOptions,
  updates: number,
): Partial<Record<NumberField, number>> {
  const { type, learningRate, epsilon } = optimizer;
  const common = { optimizer: OPTIMIZERS[type], learningRate, epsilon };
  if (type === "rmsprop") return { ...common, decay: optimizer.decay, momentum: optimizer.momentum };
  const { first, second } = biasCorrections(optimizer, updates + 1);
  const { beta1, beta2 } = optimizer;
  const shares = { firstShare: momentShare(beta1), secondShare: momentShare(beta2) };
  return { ...common, beta1, beta2, ...shares, firstCorrection: first, secondCorrection: second };
}

/** Copies the state to the kernel's memory. */
export function uploadOptimizer(network: KernelNetwork, state: OptimizerState): void {
  for (const [field, values] of quantities(state)) network.write(field, 0, values);
}

/** Copies the state from the kernel's memory. */
export function downloadOptimizer(network: KernelNetwork, state: OptimizerState): void {
  for (const [field, values] of quantities(state)) network.read(field, 0, values);
}

function quantities(state: OptimizerState): readonly (readonly [ArrayField, Float32Array])[] {
  return Object.entries(state).flatMap(([name, values]) =>
    values !== undefined && Object.hasOwn(FIELDS, name) ? [[FIELDS[name], values] as const] : [],
  );
}
