/** The state that training carries from batch to batch. It is copied, because the kernel's layout depends on the batch. */
import { formatValue, mapState, type NetworkSizes, UNROLL_STATE, type UnrollState } from "@dnc/core/engine";
import type { KernelNetwork } from "./host.js";
import { putState, stateWidths, takeState } from "./state.js";

type State = UnrollState<Float32Array>;

/** Copies a state. */
export function copyState(state: State): State {
  return mapState((name) => state[name].slice());
}

/** Copies the state after the last of `timeSteps` steps from the kernel's memory. */
export function takeFinalState(network: KernelNetwork, timeSteps: number, batchSize: number): State {
  const widths = stateWidths(network.sizes);
  return mapState((name) => takeState(network, name, { batchSize, size: batchSize * widths[name], step: timeSteps }));
}

/** Copies a state of `batchSize` sequences to the kernel's memory as the state before the first step. */
export function putInitialState(network: KernelNetwork, state: State, batchSize: number): void {
  for (const name of UNROLL_STATE) putState(network, name, state[name], batchSize);
}

/**
 * Returns the number of sequences of a state.
 *
 * @throws RangeError if it is not a state of the network: the number is not the same for all parts; TypeError if a part is not
 *   a Float32Array.
 */
export function batchSizeOf(sizes: NetworkSizes, state: State): number {
  const widths = stateWidths(sizes);
  for (const name of UNROLL_STATE)
    if (Object.prototype.toString.call(state[name]) !== "[object Float32Array]")
      throw new TypeError(`carriedState.${name}: expected a Float32Array, got ${formatValue(state[name])}`);
  const widest = UNROLL_STATE.reduce((a, b) => (widths[b] > widths[a] ? b : a));
  const batchSize = Math.max(1, Math.floor(state[widest].length / widths[widest]));
  for (const name of UNROLL_STATE) {
    const expected = widths[name] * batchSize;
    if (state[name].length !== expected)
      throw new RangeError(`carriedState.${name}: expected ${expected} numbers, got ${state[name].length}`);
  }
  return batchSize;
}
