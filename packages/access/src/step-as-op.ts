import type { NamedVariable } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { CompleteMemoryAccessConfig } from "./config.js";
import type { AccessState, AccessStep } from "./step.js";
import { runUnrollOp } from "./unroll-op/op.js";
import type { NetworkSizes } from "./unroll-op/sizes.js";

declare const console: { warn(message: string): void };

const warned = new Set<string>();

/** Prints once per reason why the op is available but not used. */
export function warnOnce(reason: string): void {
  const message = `@dnc/access: ${reason}; such a step runs op by op.`;
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(message);
}

/**
 * Returns the attributes of the unroll op for a memory access on its own: a network without controller and output layer.
 *
 * @param config - configuration of the memory access.
 */
export function accessSizes(config: CompleteMemoryAccessConfig): NetworkSizes {
  const { inputSize, memorySize, wordSize, readHeads, writeHeads, masking, deallocation, sharpness, links } = config;
  return {
    ...{ inputSize, memorySize, wordSize, readHeads, writeHeads },
    ...{ controller: "none", layers: 1, hiddenSize: inputSize, outputSize: 0, clipValue: 0 },
    ...{ masking: masking !== false, maskMinimum: masking === false ? 0 : masking.minimum },
    ...{ deallocation, sharpness, links, inputMask: false },
  };
}

/**
 * Runs one step as the unroll op, as a sequence of length 1 of a network without controller and output layer.
 * Differentiable.
 *
 * @param inputs - `[batch, inputSize]`.
 */
export function stepAsOp(
  config: CompleteMemoryAccessConfig,
  variables: readonly NamedVariable[],
  inputs: tf.Tensor2D,
  { linkage, ...access }: AccessState,
): AccessStep {
  return tf.tidy(() => {
    const { wordSize, readHeads } = config;
    const [batchSize] = inputs.shape;
    const noUnits = tf.zeros([batchSize, 0]);
    const readWords = tf.zeros([batchSize, readHeads, wordSize]);
    const { finalState } = runUnrollOp(
      {
        inputs: tf.expandDims(inputs, 0),
        initialState: { ...access, ...linkage, readWords, hidden: noUnits, cell: noUnits },
        parameters: variables.map(({ variable }) => variable),
      },
      accessSizes(config),
    );
    const { memory, readWeights, writeWeights, link, precedenceWeights, usage } = finalState;
    return {
      output: finalState.readWords as tf.Tensor3D,
      state: { memory, readWeights, writeWeights, linkage: { link, precedenceWeights }, usage } as AccessState,
    };
  });
}
