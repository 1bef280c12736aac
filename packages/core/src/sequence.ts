import { assertShape } from "@dnc/addressing";
import { checkObject } from "@dnc/addressing/checks";
import type { ControllerState } from "@dnc/controller";
import type * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "./dnc-state.js";
import type { TrainableCore } from "./engine/core.js";

/** Makes the checks of `step` for a whole sequence that runs as one op. */
export function checkSequence({ config }: TrainableCore, inputs: tf.Tensor3D, state: DncState): void {
  checkObject("state", state);
  checkObject("state.access", state.access);
  checkObject("state", state.controller);
  const { access, readWords, controller } = state;
  const { memorySize: slots, wordSize, readHeads, writeHeads, hiddenSize } = config;
  assertShape("inputs", inputs, ["time", "batch", config.inputSize]);
  const batch = inputs.shape[1];
  assertShape("state.readWords", readWords, [batch, readHeads, wordSize]);
  assertShape("state.memory", access.memory, [batch, slots, wordSize]);
  assertShape("state.readWeights", access.readWeights, [batch, readHeads, slots]);
  assertShape("state.writeWeights", access.writeWeights, [batch, writeHeads, slots]);
  assertShape("state.linkage.link", access.linkage?.link, [batch, writeHeads, slots, slots]);
  assertShape("state.linkage.precedenceWeights", access.linkage.precedenceWeights, [batch, writeHeads, slots]);
  assertShape("state.usage", access.usage, [batch, slots]);
  for (const { hidden, cell } of controllerLayers(controller)) {
    assertShape("state.hidden", hidden, [batch, hiddenSize]);
    assertShape("state.cell", cell, [batch, hiddenSize]);
  }
}

/** Hidden units and cell state of a layer, both `[batch, hiddenSize]`. */
type LstmLayer = { readonly hidden: tf.Tensor2D; readonly cell: tf.Tensor2D };

/** Lists the layers of an LSTM of any depth; empty for a controller without state. */
export function controllerLayers(controller: ControllerState): LstmLayer[] {
  if ("hidden" in controller) return [controller as LstmLayer];
  return Object.values(controller) as LstmLayer[];
}
