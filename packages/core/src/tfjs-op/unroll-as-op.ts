import { toFloat32 } from "@dnc/addressing";
import * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "../dnc-state.js";
import type { NetworkConfig, UnrollableCore } from "../engine/core.js";
import { checkSequence } from "../sequence.js";
import { stateAsFloat32 } from "../state.js";
import type { UnrollResult } from "../unroll-result.js";
import { backwardPass } from "./backward.js";
import { forwardPass, type Parameters, type Residuals } from "./forward.js";
import { runOp } from "./op.js";
import { sequenceSizes } from "./sizes.js";

const { getTensorsInContainer } = tf.tensor_util;

/**
 * Whether a network runs as one op of TensorFlow.js kernels: with an LSTM and one write head. Hidden units are within [-1, 1],
 * so that clipping at 1 or above does not change them.
 */
export function supportsTfjsOp({ controller, writeHeads, clipValue }: NetworkConfig): boolean {
  return controller === "lstm" && writeHeads === 1 && (!clipValue || clipValue >= 1);
}

/**
 * Runs a sequence as one op with the gradient of docs/guide/backward-pass.md, in few kernels of TensorFlow.js on any backend:
 * what does not depend on the step before is computed for all steps at once, in the backward pass too.
 *
 * @param given - inputs, `[time, batch, inputSize]`.
 * @param from - the state before the first step; default: the core's initial state.
 */
export function unrollAsOp(core: UnrollableCore, given: tf.Tensor3D, from?: DncState): UnrollResult<DncState> {
  const [time, batch] = given.shape;
  if (from) checkSequence(core, given, from);
  return tf.tidy(() => {
    const [inputs, state] = [toFloat32(given), from && stateAsFloat32(from)];
    const sizes = sequenceSizes(core, time, batch);
    const first = state ?? core.initialState(batch);
    const variables = core.variables.map(({ variable }) => variable as tf.Tensor);
    const tensors = [inputs, ...(state ? stateTensors(state) : []), ...variables];
    const parameters: Parameters = {
      lstm: [variables[0], variables[1]],
      interfaceLayers: variables.slice(2, -2),
      output: [variables[variables.length - 2], variables[variables.length - 1]],
    };
    let residuals: Residuals | undefined;
    const saveForBackward = tf.engine().isTapeOn();
    const [outputs, ...final] = runOp(tensors, {
      forward: (save) => {
        // What the caller owns may be gone when the gradient is computed.
        const own = state && saveForBackward ? stateOf(stateTensors(state).map((tensor) => tf.clone(tensor))) : first;
        const forward = forwardPass(inputs, own, parameters, sizes, saveForBackward);
        if (!saveForBackward) return forward.outputs;
        residuals = forward.residuals;
        const saved = new Set(getTensorsInContainer(residuals as never));
        save([...saved]);
        return forward.outputs.map((tensor) => (saved.has(tensor) ? tf.clone(tensor) : tensor));
      },
      backward: (dys) => {
        const wantsState = state !== undefined;
        const gradients = tf.tidy(() => backwardPass(dys, residuals as Residuals, parameters, sizes, wantsState));
        const { dGates, inputWeights } = gradients;
        const toInputs = () => tf.reshape(tf.matMul(dGates, inputWeights, false, true), inputs.shape);
        return [toInputs, ...[...gradients.state, ...gradients.parameters].map((gradient) => () => gradient)];
      },
    });
    return { outputs: outputs as tf.Tensor3D, finalState: stateOf(final) };
  });
}

/** A state's tensors: words read, memory, read and write weights, link, precedence weights, usage, hidden units, cell. */
function stateTensors({ readWords, access, controller }: DncState): tf.Tensor[] {
  const { memory, readWeights, writeWeights, linkage, usage } = access;
  const { hidden, cell } = controller as { hidden: tf.Tensor; cell: tf.Tensor };
  const { link, precedenceWeights } = linkage;
  return [readWords, memory, readWeights, writeWeights, link, precedenceWeights, usage, hidden, cell];
}

function stateOf(tensors: tf.Tensor[]): DncState {
  const [readWords, memory, readWeights, writeWeights, link, precedenceWeights, usage, hidden, cell] = tensors;
  const access = { memory, readWeights, writeWeights, linkage: { link, precedenceWeights }, usage };
  return { readWords, access, controller: { hidden, cell } } as DncState;
}
