/** The state before the first step, where it is not zero: of a memory that holds something at first. */
import {
  mapState,
  type NetworkConfig,
  type NetworkSizes,
  type TrainableCore,
  type UnrollState,
} from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { stateWidths } from "./state.js";

/** Whether all of the state before the first step is 0. */
export function isZeroAtFirst({ memory }: NetworkConfig): boolean {
  return !memory || memory.initialMemory === undefined || memory.initialMemory === 0;
}

/**
 * Copies the state of `batchSize` sequences before the first step from a core whose memory is not zero then.
 *
 * @throws TypeError if the core has no `initialState`.
 */
export function readInitialState(
  core: TrainableCore,
  sizes: NetworkSizes,
  batchSize: number,
): UnrollState<Float32Array> {
  const memory = readMemory(core);
  const widths = stateWidths(sizes);
  const state = mapState((name) => new Float32Array(batchSize * widths[name]));
  for (let sequence = 0; sequence < batchSize; sequence++) state.memory.set(memory, sequence * memory.length);
  return state;
}

/** Reads the memory of one sequence. */
function readMemory(core: TrainableCore): Float32Array {
  if (core.initialState === undefined)
    throw new TypeError("core.initialState: expected a function with memory.initialMemory other than 0, got none");
  const state = core.initialState(1) as { readonly access: { readonly memory: tf.Tensor } };
  try {
    return state.access.memory.dataSync<"float32">().slice();
  } finally {
    tf.dispose(state);
  }
}
