import { runUnrollOp, type UnrollState } from "@dnc/access/unroll-op";
import { toFloat32 } from "@dnc/addressing";
import type { ControllerState } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "../dnc-state.js";
import { checkSequence, controllerLayers } from "../sequence.js";
import { stateAsFloat32 } from "../state.js";
import type { UnrollResult } from "../unroll-result.js";
import type { UnrollableCore } from "./core.js";
import type { Engine } from "./engine.js";
import { networkSizes } from "./network.js";
import { runUnrollOps } from "./run-unroll-ops.js";

/**
 * Runs a sequence as the unroll op of an engine. Supports first-order gradients.
 *
 * @param engine - an engine of the current backend.
 * @param core - a stock network that the engine supports.
 * @param inputs - `[time, batch, inputSize]`.
 * @param given - the state before the first step; default: the core's initial state.
 * @returns new tensors.
 */
export function unrollByEngine(
  engine: Engine,
  core: UnrollableCore,
  inputs: tf.Tensor3D,
  given?: DncState,
): UnrollResult<DncState> {
  return tf.tidy(() => {
    const state = given ?? core.initialState(inputs.shape[1]);
    checkSequence(core, inputs, state);
    const tensors = {
      inputs: toFloat32(inputs),
      initialState: flattenState(stateAsFloat32(state)),
      parameters: core.variables.map(({ variable }) => variable),
    };
    const sizes = networkSizes(core.config);
    const { logits, finalState } =
      "kernels" in engine ? runUnrollOp(tensors, sizes) : runUnrollOps(engine.ops, tensors, sizes, given !== undefined);
    return { outputs: logits as tf.Tensor3D, finalState: unflattenState(finalState, state) };
  });
}

/**
 * Converts a state to the form of the op: hidden units of all layers concatenated, and likewise cells; 0 columns if
 * there are none.
 */
function flattenState({ access, readWords, controller }: DncState): UnrollState<tf.Tensor> {
  const { linkage, ...memory } = access;
  const layers = controllerLayers(controller);
  const columns = (tensors: tf.Tensor2D[]) => concatColumns(tensors, access.memory.shape[0]);
  return {
    ...memory,
    ...linkage,
    readWords,
    hidden: columns(layers.map((layer) => layer.hidden)),
    cell: columns(layers.map((layer) => layer.cell)),
  };
}

/** Inverts `flattenState`: returns the structure of `like` with these tensors. */
function unflattenState(state: UnrollState<tf.Tensor>, like: DncState): DncState {
  const { memory, readWeights, writeWeights, link, precedenceWeights, usage, readWords, hidden, cell } = state;
  const access = { memory, readWeights, writeWeights, linkage: { link, precedenceWeights }, usage };
  return { readWords, access, controller: controllerState(hidden, cell, like.controller) } as DncState;
}

function concatColumns(tensors: tf.Tensor2D[], rows: number): tf.Tensor {
  if (tensors.length === 0) return tf.zeros([rows, 0]);
  return tensors.length === 1 ? tensors[0] : tf.concat(tensors, 1);
}

function controllerState(hidden: tf.Tensor, cell: tf.Tensor, like: ControllerState): ControllerState {
  if ("hidden" in like) return { hidden, cell } as ControllerState;
  const names = Object.keys(like);
  if (names.length === 0) return {};
  const parts = (tensor: tf.Tensor) => (names.length === 1 ? [tensor] : tf.split(tensor, names.length, 1));
  const [hiddens, cells] = [parts(hidden), parts(cell)];
  return Object.fromEntries(
    names.map((name, index) => [name, { hidden: hiddens[index], cell: cells[index] }]),
  ) as ControllerState;
}
