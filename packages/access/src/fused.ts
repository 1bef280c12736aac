import * as tf from "@tensorflow/tfjs-core";
import type { CompleteMemoryAccessConfig } from "./config.js";
import type { AccessState, AccessStep } from "./step.js";
import type { NamedVariable } from "./variables.js";

/** The kernel that engines register; `unroll` of `@dnc/core` says what it takes. */
const KERNEL = "DncUnroll";

declare const console: { warn(message: string): void };

const warned = new Set<string>();

/** Says once a reason why the kernel is there and not used. */
export function warnOnce(reason: string): void {
  if (warned.has(reason)) return;
  warned.add(reason);
  console.warn(`@dnc/access: the fused kernel does not cover ${reason}; such a step runs op by op.`);
}

/** Whether the current backend has the fused kernel. */
export function hasFusedKernel(): boolean {
  return tf.getKernel(KERNEL, tf.getBackend()) !== undefined;
}

/**
 * One step as one op: a sequence of one step of a network without controller and output layer. It has a gradient.
 *
 * @param inputs - `[batch, inputSize]`.
 */
export function fusedStep(
  config: CompleteMemoryAccessConfig,
  variables: readonly NamedVariable[],
  inputs: tf.Tensor2D,
  { memory, readWeights, writeWeights, linkage, usage }: AccessState,
): AccessStep {
  return tf.tidy(() => {
    const { inputSize, memorySize, wordSize, readHeads, writeHeads } = config;
    const [batch] = inputs.shape;
    const sizes = { inputSize, memorySize, wordSize, readHeads, writeHeads };
    const attributes = { ...sizes, controller: "none", layers: 1, hiddenSize: inputSize, outputSize: 0, clipValue: 0 };
    const readWords = tf.zeros([batch, readHeads, wordSize]);
    const noUnits = tf.zeros([batch, 0]);
    const state = [memory, readWeights, writeWeights, linkage.link, linkage.precedenceWeights, usage, readWords];
    const parameters = variables.map(({ variable }) => variable);
    const tensors = [tf.expandDims(inputs, 0), ...state, noUnits, noUnits, ...parameters];
    const [, ...next] = tf.engine().runKernel(KERNEL, tensors as never, attributes) as tf.Tensor[];
    return {
      output: next[6] as tf.Tensor3D,
      state: {
        memory: next[0],
        readWeights: next[1],
        writeWeights: next[2],
        linkage: { link: next[3], precedenceWeights: next[4] },
        usage: next[5],
      } as AccessState,
    };
  });
}
