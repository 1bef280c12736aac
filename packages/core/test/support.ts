/** Small networks, inputs and states for the tests of this package. */
import * as tf from "@tensorflow/tfjs-core";
import type { ControllerType } from "../src/config.js";
import type { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { mapNested } from "../src/state.js";

/** A network for a custom controller, small enough to run often, with mostly different sizes. */
export const BARE = { inputSize: 3, outputSize: 2, memorySize: 5, wordSize: 4, readHeads: 2, seed: 1 };

/** The same for a built-in controller. */
export const TINY = { ...BARE, hiddenSize: 6 };

/** Every built-in controller. */
export const CONTROLLERS: readonly ControllerType[] = ["lstm", "deep-lstm", "gru", "feed-forward"];

/** Creates seeded normal numbers. TensorFlow.js treats seed 0 as no seed. */
export function normal<Rank extends tf.Rank>(shape: tf.ShapeMap[Rank], seed: number, scale = 1): tf.Tensor<Rank> {
  return tf.randomNormal<Rank>(shape, 0, scale, "float32", seed + 1);
}

/** Creates a plausible random state without ties: weights sum to less than 1, usage is within [0, 1]. */
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

/** Runs a sequence as a loop of steps, without `unroll`. */
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

/** Lists the tensors of a state, a step or an array, in order. */
export function tensorsIn(container: tf.TensorContainer): tf.Tensor[] {
  return tf.tensor_util.getTensorsInContainer(container);
}

/** Reads the numbers of each tensor, in order; equal only if every bit is. */
export function bitsOf(container: tf.TensorContainer): number[][] {
  return tensorsIn(container).map((tensor) => Array.from(tensor.dataSync()));
}

/** Finds the variable with a name. */
export function variableOf(core: { variables: Dnc["variables"] }, name: string): tf.Variable {
  const found = core.variables.find((named) => named.name === name);
  if (!found) throw new Error(`no variable ${name}`);
  return found.variable;
}

/** Counts the tensors that a function leaves behind, including its result. */
export function tensorsLeftBy(run: () => unknown): number {
  const before = tf.memory().numTensors;
  run();
  return tf.memory().numTensors - before;
}
