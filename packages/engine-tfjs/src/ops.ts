import type { UnrollOps } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { backwardPass } from "./backward.js";
import { forwardPass, namedParameters, type Residuals } from "./forward.js";
import { sequenceSizes } from "./sizes.js";

/**
 * The unroll op in few kernels of TensorFlow.js, with the gradient of docs/guide/backward-pass.md: what does not depend on the
 * previous time step is computed for all time steps at once, in the backward pass too.
 */
export const ops: UnrollOps<Residuals> = {
  forward({ inputs, initialState, parameters }, run) {
    const sizes = sequenceSizes(run.sizes, inputs.shape);
    return forwardPass(inputs as tf.Tensor3D, initialState, namedParameters(parameters), sizes, run.saveForBackward);
  },

  backward({ inputs, parameters }, gradients, residuals, run) {
    const sizes = sequenceSizes(run.sizes, inputs.shape);
    const { dGates, inputWeights, ...rest } = tf.tidy(() =>
      backwardPass(gradients, residuals, namedParameters(parameters), sizes, run.hasStateGradient),
    );
    return { ...rest, inputs: () => tf.reshape(tf.matMul(dGates, inputWeights, false, true), inputs.shape) };
  },
};
