import type { NetworkSizes } from "@dnc/access/unroll-op";
import { assertShape } from "@dnc/addressing";
import { checkKeys, checkObject } from "@dnc/addressing/checks";
import type { ControllerState } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "./dnc-state.js";
import type { NestedState } from "./state.js";

/** State of a network that engines run: a DNC, or a controller without a memory. */
export type NetworkState = DncState | Pick<DncState, "controller">;

/** Makes the checks of `step` for a whole sequence that runs as one op. */
export function checkSequence(sizes: NetworkSizes, inputs: tf.Tensor3D, state: NestedState): void {
  checkObject("state", state);
  assertShape("inputs", inputs, ["time", "batch", sizes.inputSize]);
  const batch = inputs.shape[1];
  if (sizes.memorySize > 0) checkMemory(sizes, state as DncState, batch);
  else checkKeys("state", state, ["controller"]);
  const { controller } = state as NetworkState;
  checkObject("state", controller);
  checkController(sizes, controllerLayers(controller), batch);
}

function checkController(sizes: NetworkSizes, layers: readonly RecurrentLayer[], batch: number): void {
  const expected = sizes.controller === "feed-forward" ? 0 : sizes.layers;
  if (layers.length !== expected)
    throw new RangeError(
      `state.controller: expected ${expected} ${expected === 1 ? "layer" : "layers"}, got ${layers.length}`,
    );
  for (const layer of layers) {
    assertShape("state.hidden", layer.hidden, [batch, sizes.hiddenSize]);
    if (sizes.controller === "lstm") assertShape("state.cell", layer.cell as tf.Tensor2D, [batch, sizes.hiddenSize]);
    checkKeys("state", layer, sizes.controller === "lstm" ? ["hidden", "cell"] : ["hidden"]);
  }
}

function checkMemory(sizes: NetworkSizes, { access, readWords }: DncState, batch: number): void {
  checkObject("state.access", access);
  const { memorySize: slots, wordSize, readHeads, writeHeads } = sizes;
  const linked = sizes.links ? slots : 0;
  assertShape("state.readWords", readWords, [batch, readHeads, wordSize]);
  assertShape("state.memory", access.memory, [batch, slots, wordSize]);
  assertShape("state.readWeights", access.readWeights, [batch, readHeads, slots]);
  assertShape("state.writeWeights", access.writeWeights, [batch, writeHeads, slots]);
  assertShape("state.linkage.link", access.linkage?.link, [batch, writeHeads, linked, linked]);
  assertShape("state.linkage.precedenceWeights", access.linkage.precedenceWeights, [batch, writeHeads, linked]);
  assertShape("state.usage", access.usage, [batch, slots]);
}

/** Whether a state has that of a memory. */
export function hasMemory(state: NetworkState): state is DncState {
  return "access" in state;
}

/** Number of sequences of a state. */
export function batchSizeOf(state: NetworkState): number {
  const first = hasMemory(state) ? state.readWords : controllerLayers(state.controller)[0].hidden;
  return first.shape[0];
}

/** Hidden units and, in an LSTM, cell state of a layer, both `[batch, hiddenSize]`. */
type RecurrentLayer = { readonly hidden: tf.Tensor2D; readonly cell?: tf.Tensor2D };

/** Lists the layers of an LSTM of any depth, or that of a GRU; empty for a controller without state. */
export function controllerLayers(controller: ControllerState): RecurrentLayer[] {
  if ("hidden" in controller) return [controller as RecurrentLayer];
  return Object.values(controller) as RecurrentLayer[];
}
