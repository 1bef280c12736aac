import { type NestedState, type RecurrentCell, unroll } from "@dnc/core";
import type { Batch, EpisodeInputs, EpisodeResults, Episodes } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import { mapTensors } from "./carried-state.js";

/** Episodes that a network has run through, as the sequences that they came to be. */
export type Rollout = {
  /**
   * The sequences: all inputs, and the gradient of each episode's loss with respect to the outputs as `targets`. Its mask is 1
   * where the network was run.
   */
  readonly batch: Batch;
  /** `[timeSteps, batchSize, outputSize]`: the network's outputs. */
  readonly outputs: Float32Array;
  /** What came of the episodes. */
  readonly results: EpisodeResults;
  /** With a value network: the same inputs, with the rewards to come as its targets; its mask is 1 where they count. */
  readonly valueBatch?: Batch | undefined;
};

/** Options of {@link rollOut}. */
export type RollOutOptions = {
  /** The value network, for a task that needs one; default: none, as where the network is not trained. */
  readonly valueNetwork?: RecurrentCell<NestedState> | undefined;
};

/** The inputs of episodes, without targets. */
type Sequences = Omit<Batch, "targets">;

/**
 * Runs a network through episodes: their next inputs follow from its last outputs.
 *
 *     const episodes = task.startEpisodes(createRandom(2));
 *     const { results } = await rollOut(network, episodes);
 *     console.log(episodes.render());
 *
 * Time steps that are known in advance run in one call of `unroll`, on the engine of the current backend.
 *
 * @typeParam State - Type of the network's state.
 * @typeParam Prepared - What its `prepareWeights` returns.
 * @param network - Any recurrent cell with the interface of `Dnc`, as wide as the task's inputs and outputs.
 * @param episodes - Episodes that have just been started.
 * @param options - `valueNetwork`: what estimates the rewards to come.
 * @returns The sequences, once the episodes have ended. All tensors are disposed.
 * @throws Whatever the network or the episodes throw; RangeError if the episodes have no time step.
 */
export async function rollOut<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  episodes: Episodes,
  { valueNetwork }: RollOutOptions = {},
): Promise<Rollout> {
  const taken: EpisodeInputs[] = [];
  const outputs: Float32Array[] = [];
  let state: State | undefined;
  try {
    for (let next = episodes.nextInputs(); next !== undefined; next = episodes.nextInputs()) {
      const unrolled = runSteps(network, next, episodes.batchSize, state);
      tf.dispose(state ?? []);
      state = unrolled.finalState;
      const values = await readAndDispose(unrolled.outputs);
      episodes.respond(values);
      taken.push(next);
      outputs.push(values);
    }
  } finally {
    tf.dispose(state ?? []);
  }
  const sequences = joinInputs(taken, episodes.batchSize);
  const results = episodes.results(valueNetwork && (await valuesOf(valueNetwork, sequences)));
  const valueBatch = valueNetwork && { ...sequences, ...results.valueTargets };
  return {
    ...{ batch: { ...sequences, targets: results.gradients }, outputs: join(outputs), results },
    ...(valueBatch && { valueBatch: valueBatch as Batch }),
  };
}

/** Runs the value network over all time steps at once. */
async function valuesOf(network: RecurrentCell<NestedState>, sequences: Sequences): Promise<Float32Array> {
  const { outputs, finalState } = runSteps(network, sequences, sequences.batchSize, undefined);
  tf.dispose(finalState);
  return readAndDispose(outputs);
}

/** Runs the next time steps; outputs and state belong to the caller. */
function runSteps<State extends NestedState, Prepared>(
  network: RecurrentCell<State, Prepared>,
  { timeSteps, inputs, inputMask }: EpisodeInputs,
  batchSize: number,
  state: State | undefined,
): { readonly outputs: tf.Tensor3D; readonly finalState: State } {
  return tf.tidy(() => {
    const shape: [number, number, number] = [timeSteps, batchSize, inputs.length / (timeSteps * batchSize)];
    const isMasked = inputMask?.includes(0) ?? false;
    const mask = isMasked ? tf.tensor2d(inputMask as Float32Array, [timeSteps, batchSize]) : undefined;
    const unrolled = unroll(network, tf.tensor3d(inputs, shape), state, { inputMask: mask });
    // Cloned: a cell may return a tensor of its state unchanged, or as an output.
    return { outputs: tf.clone(unrolled.outputs), finalState: mapTensors(unrolled.finalState, tf.clone) };
  });
}

async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return await tensor.data<"float32">();
  } finally {
    tensor.dispose();
  }
}

function joinInputs(taken: readonly EpisodeInputs[], batchSize: number): Sequences {
  const timeSteps = taken.reduce((sum, next) => sum + next.timeSteps, 0);
  const masks = taken.map((next) => next.inputMask ?? new Float32Array(next.timeSteps * batchSize).fill(1));
  const mask = join(masks);
  const inputMask = mask.includes(0) ? mask.slice() : undefined;
  return { timeSteps, batchSize, inputs: join(taken.map(({ inputs }) => inputs)), mask, inputMask };
}

function join(arrays: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    joined.set(array, at);
    at += array.length;
  }
  return joined;
}
