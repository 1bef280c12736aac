import type { UnrollOps } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { backwardPass } from "./backward.js";
import { forwardPass, namedParameters, type Residuals } from "./forward.js";
import { sequenceSizes } from "./sizes.js";

/**
 * The unroll op made of few TensorFlow.js kernels, with the gradient of docs/guide/backward-pass.md. In both passes,
 * whatever does not depend on the neighbouring time step is computed for all time steps at once.
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
