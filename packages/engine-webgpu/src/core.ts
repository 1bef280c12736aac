import type * as tf from "@tensorflow/tfjs-core";
import type { NetworkSizes } from "./sizes.js";

/** What the engine needs to know of a core: the face of `Dnc` of `@dnc/core`. */
export interface FusedCore {
  readonly config: {
    readonly inputSize: number;
    readonly outputSize: number;
    readonly memorySize: number;
    readonly wordSize: number;
    readonly readHeads: number;
    readonly writeHeads: number;
    readonly hiddenSize: number;
    readonly layers: number;
    readonly clipValue: number | null;
    readonly controller: unknown;
  };
  readonly variables: readonly { readonly name: string; readonly variable: tf.Variable }[];
}

/** Whether the engine has kernels for this core: it covers its controller. */
export function isCovered(core: Pick<FusedCore, "config">): boolean {
  return fusedSizes(core) !== undefined;
}

/**
 * A core's sizes for the kernels.
 *
 * @returns undefined if they do not cover its controller: they know `lstm`, `deep-lstm` and `feed-forward`.
 */
export function fusedSizes({ config }: Pick<FusedCore, "config">): NetworkSizes | undefined {
  const { controller, clipValue, layers, ...sizes } = config;
  const known = controller === "lstm" || controller === "deep-lstm" || controller === "feed-forward";
  if (!known) return undefined;
  return {
    controller: controller === "feed-forward" ? "feed-forward" : "lstm",
    layers: controller === "deep-lstm" ? layers : 1,
    hiddenSize: sizes.hiddenSize,
    inputSize: sizes.inputSize,
    outputSize: sizes.outputSize,
    memorySize: sizes.memorySize,
    wordSize: sizes.wordSize,
    readHeads: sizes.readHeads,
    writeHeads: sizes.writeHeads,
    clipValue: clipValue ?? 0,
  };
}
