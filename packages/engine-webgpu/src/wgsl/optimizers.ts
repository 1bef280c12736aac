import { type CompleteOptimizerOptions, momentShare, newShare } from "@dnc/core/engine";
import { literal } from "./functions.js";
import type { Binding } from "./shader.js";

/**
 * Elements of the buffer `settings`, which is written before each step: learning rate, Adam's two bias corrections and the
 * number of updates including this one; then the number of updates applied, which the kernel writes.
 */
export const SETTINGS = { learningRate: 0, first: 1, second: 2, step: 3, applied: 4 } as const;

/** What a kernel needs to apply an optimizer. */
export interface OptimizerCode {
  /** Buffers of the optimizer's state, one element per parameter. */
  readonly bindings: readonly Binding[];
  /** Code that updates state and parameter `e` by the clipped gradient `g`. */
  readonly update: string;
}

/** Generates the code of an optimizer. */
export function optimizerCode(options: CompleteOptimizerOptions): OptimizerCode {
  const learningRate = `settings[${SETTINGS.learningRate}]`;
  const state = (name: string): Binding => ({ name, access: "read_write" });
  if (options.type === "rmsprop") {
    const { decay, epsilon, momentum } = options;
    const square = `let square = meanSquares[e] + (g * g - meanSquares[e]) * ${literal(newShare(decay))};
meanSquares[e] = square;`;
    const change = `${learningRate} * g / sqrt(square + ${literal(epsilon)})`;
    if (momentum === 0) return { bindings: [state("meanSquares")], update: `${square}\nparameters[e] -= ${change};` };
    return {
      bindings: [state("meanSquares"), state("momentum")],
      update: `${square}
let change = ${literal(momentum)} * momentum[e] + ${change};
momentum[e] = change; parameters[e] -= change;`,
    };
  }
  const { beta1, beta2, epsilon } = options;
  return {
    bindings: [state("firstMoments"), state("secondMoments")],
    update: `let first = ${literal(beta1)} * firstMoments[e] + ${literal(momentShare(beta1))} * g;
let second = ${literal(beta2)} * secondMoments[e] + ${literal(momentShare(beta2))} * (g * g);
firstMoments[e] = first; secondMoments[e] = second;
parameters[e] -= ${learningRate} * (first * settings[${SETTINGS.first}]) / (sqrt(second * settings[${SETTINGS.second}]) + ${literal(epsilon)});`,
  };
}
