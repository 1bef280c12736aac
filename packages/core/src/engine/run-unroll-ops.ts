import {
  mapState,
  type NetworkSizes,
  packOutputs,
  UNROLL_STATE,
  type UnrollInputs,
  type UnrollOutputs,
  unpackOutputs,
} from "@dnc/access/unroll-op";
import * as tf from "@tensorflow/tfjs-core";
import { runOp } from "./run-op.js";
import type { UnrollOps } from "./unroll-ops.js";

const { getTensorsInContainer } = tf.tensor_util;

/**
 * Runs the functions of an engine as one op with a first-order gradient.
 *
 * @param given - inputs, initial state and parameters, float32; they still belong to the caller.
 * @param hasStateGradient - whether the gradient to the initial state may be requested.
 * @returns new tensors.
 */
export function runUnrollOps(
  ops: UnrollOps,
  given: UnrollInputs<tf.Tensor>,
  sizes: NetworkSizes,
  hasStateGradient: boolean,
): UnrollOutputs<tf.Tensor> {
  const saveForBackward = tf.engine().isTapeOn();
  const run = { sizes, saveForBackward, hasStateGradient };
  const state = hasStateGradient ? UNROLL_STATE.map((name) => given.initialState[name]) : [];
  let residuals: object = {};
  const mask = given.inputMask === undefined ? [] : [given.inputMask];
  const outputs = runOp([given.inputs, ...mask, ...state, ...given.parameters], {
    forward: (save) => {
      // The caller may have disposed its tensors before the gradient is computed.
      const own = hasStateGradient && saveForBackward ? withClonedState(given) : given;
      const forward = ops.forward(own, run);
      const packed = packOutputs(forward.outputs);
      if (!saveForBackward) return packed;
      residuals = forward.residuals;
      const saved = new Set(getTensorsInContainer(residuals as never));
      save([...saved]);
      return packed.map((tensor) => (saved.has(tensor) ? tf.clone(tensor) : tensor));
    },
    backward: (dys) => {
      const { inputs, initialState, parameters } = ops.backward(given, unpackOutputs(dys), residuals, run);
      const dState = initialState ? UNROLL_STATE.map((name) => initialState[name]) : [];
      const dMask = mask.map(
        ({ shape }) =>
          () =>
            tf.zeros(shape),
      ); // the op has no gradient to it
      return [() => inputs(), ...dMask, ...[...dState, ...parameters].map((gradient) => () => gradient)];
    },
  });
  return unpackOutputs(outputs);
}

function withClonedState({ initialState, ...rest }: UnrollInputs<tf.Tensor>): UnrollInputs<tf.Tensor> {
  return { ...rest, initialState: mapState((name) => tf.clone(initialState[name])) };
}
