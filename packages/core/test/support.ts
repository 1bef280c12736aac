/** Small networks, inputs and states for the tests of this package. */
import * as tf from "@tensorflow/tfjs-core";
import type { ControllerType } from "../src/config.js";
import type { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { mapNested } from "../src/state.js";

/** A network for a controller of one's own, so small that a test can run it often, hardly two of its sizes the same. */
export const BARE = { inputSize: 3, outputSize: 2, memorySize: 5, wordSize: 4, readHeads: 2, seed: 1 };

/** The same for a controller of the package. */
export const TINY = { ...BARE, hiddenSize: 6 };

/** Every controller that has a name. */
export const CONTROLLERS: readonly ControllerType[] = ["lstm", "deep-lstm", "gru", "feed-forward"];

/** Seeded normal numbers. TensorFlow.js takes seed 0 for none. */
export function normal<Rank extends tf.Rank>(shape: tf.ShapeMap[Rank], seed: number, scale = 1): tf.Tensor<Rank> {
  return tf.randomNormal<Rank>(shape, 0, scale, "float32", seed + 1);
}

/** A state that any sequence might have led to, without ties: weights sum to less than 1, usage lies within [0, 1]. */
export function randomState(core: Dnc, batch: number, seed = 1): DncState {
  return tf.tidy(() => {
    const { access, readWords, controller } = core.initialState(batch);
    let next = 100 * seed;
    const uniform = (like: tf.Tensor) => tf.randomUniform(like.shape, 0, 1, "float32", ++next);
    const weights = (like: tf.Tensor) => {
      const raw = uniform(like);
      return tf.div(raw, tf.add(tf.sum(raw, -1, true), 0.2));
    };
    const slots = core.config.memorySize;
    const link = tf.mul(weights(access.linkage.link), tf.sub(1, tf.eye(slots)));
    return {
      readWords: normal(readWords.shape, ++next),
      access: {
        memory: normal(access.memory.shape, ++next),
        readWeights: weights(access.readWeights) as tf.Tensor3D,
        writeWeights: weights(access.writeWeights) as tf.Tensor3D,
        linkage: {
          link: link as tf.Tensor4D,
          precedenceWeights: weights(access.linkage.precedenceWeights) as tf.Tensor3D,
        },
        usage: uniform(access.usage) as tf.Tensor2D,
      },
      controller: mapNested<tf.Tensor, tf.Tensor>(controller, (tensor) =>
        normal(tensor.shape as [number, number], ++next, 0.5),
      ) as DncState["controller"],
    };
  });
}

/** Steps through time as a caller would who has no `unroll`. */
export function stepByHand(core: Dnc, inputs: tf.Tensor3D, state: DncState) {
  const outputs: tf.Tensor[] = [];
  let current = state;
  for (let time = 0; time < inputs.shape[0]; time++) {
    const now = tf.squeeze(tf.slice(inputs, time, 1), [0]) as tf.Tensor2D;
    const step = core.step(now, current);
    outputs.push(step.output);
    current = step.state;
  }
  return { outputs: tf.stack(outputs) as tf.Tensor3D, finalState: current };
}

/** The tensors of a state, a step or a list, in order. */
export function tensorsIn(container: tf.TensorContainer): tf.Tensor[] {
  return tf.tensor_util.getTensorsInContainer(container);
}

/** The numbers of each tensor, in order: equal only where every bit is. */
export function bitsOf(container: tf.TensorContainer): number[][] {
  return tensorsIn(container).map((tensor) => Array.from(tensor.dataSync()));
}

/** The variable under a name. */
export function variableOf(core: { variables: Dnc["variables"] }, name: string): tf.Variable {
  const found = core.variables.find((named) => named.name === name);
  if (!found) throw new Error(`no variable ${name}`);
  return found.variable;
}

/** How many tensors a function leaves behind, what it returns included. */
export function tensorsLeftBy(run: () => unknown): number {
  const before = tf.memory().numTensors;
  run();
  return tf.memory().numTensors - before;
}
