import type { AccessState } from "@dnc/access";
import { toFloat32 } from "@dnc/addressing";
import type { ControllerState } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import type { DncState } from "./dnc-state.js";
import type { TrainableCore } from "./engine/core.js";
import { checkSequence, controllerLayers } from "./sequence.js";
import { stateAsFloat32 } from "./state.js";

/** The kernel that engines register: a whole sequence as one op. */
const KERNEL = "DncUnroll";
/** Controllers that the kernel covers. */
const COVERED: readonly unknown[] = ["lstm", "deep-lstm", "feed-forward"];

declare const console: { warn(message: string): void };

const warned = new Set<string>();

/** Whether the current backend has the fused kernel and it covers this core. If it does not, that is said once a controller. */
export function hasFusedKernel(core: TrainableCore): boolean {
  if (!tf.getKernel(KERNEL, tf.getBackend())) return false;
  const { controller } = core.config;
  if (COVERED.includes(controller)) return true;
  const what = typeof controller === "function" ? "a controller of one's own" : `the controller "${controller}"`;
  if (!warned.has(what))
    console.warn(`@dnc/core: the fused kernel does not cover ${what}; such a core runs step by step.`);
  warned.add(what);
  return false;
}

/**
 * A sequence as one op. The kernel's inputs are an array: the sequence, the state as `fusedState` lays it out, and every
 * parameter in the order of `core.variables`; it returns logits and the final state in that layout. It has a gradient.
 *
 * @param inputs - `[time, batch, inputSize]`.
 */
export function fusedUnroll(
  core: TrainableCore,
  inputs: tf.Tensor3D,
  state: DncState,
): { outputs: tf.Tensor3D; finalState: DncState } {
  checkSequence(core, inputs, state);
  return tf.tidy(() => {
    const { controller, layers, clipValue, ...sizes } = core.config;
    const attributes = {
      controller: controller === "feed-forward" ? "feed-forward" : "lstm",
      layers,
      hiddenSize: sizes.hiddenSize,
      inputSize: sizes.inputSize,
      outputSize: sizes.outputSize,
      memorySize: sizes.memorySize,
      wordSize: sizes.wordSize,
      readHeads: sizes.readHeads,
      writeHeads: sizes.writeHeads,
      clipValue: clipValue ?? 0,
    };
    const given = [toFloat32(inputs), ...fusedState(stateAsFloat32(state))];
    const tensors = [...given, ...core.variables.map(({ variable }) => variable)];
    const [outputs, ...final] = tf.engine().runKernel(KERNEL, tensors as never, attributes) as tf.Tensor[];
    return { outputs: outputs as tf.Tensor3D, finalState: unfusedState(final, state) };
  });
}

/**
 * One step as one op.
 *
 * @param inputs - `[batch, inputSize]`.
 */
export function fusedStep(
  core: TrainableCore,
  inputs: tf.Tensor2D,
  state: DncState,
): { output: tf.Tensor2D; state: DncState } {
  const { outputs, finalState } = fusedUnroll(core, tf.expandDims(inputs, 0) as tf.Tensor3D, state);
  return { output: tf.squeeze(outputs, [0]), state: finalState };
}

/** The state as the kernel has it: hidden units of all layers side by side, cells too; of no columns where there are none. */
function fusedState({ access, readWords, controller }: DncState): tf.Tensor[] {
  const { memory, readWeights, writeWeights, linkage, usage } = access;
  const { link, precedenceWeights } = linkage;
  const layers = controllerLayers(controller);
  const beside = (tensors: tf.Tensor[]) => {
    if (tensors.length === 0) return tf.zeros([memory.shape[0], 0]);
    return tensors.length === 1 ? tensors[0] : tf.concat(tensors, 1);
  };
  const hidden = beside(layers.map((layer) => layer.hidden));
  return [
    memory,
    readWeights,
    writeWeights,
    link,
    precedenceWeights,
    usage,
    readWords,
    hidden,
    beside(layers.map((layer) => layer.cell)),
  ];
}

function unfusedState(tensors: tf.Tensor[], like: DncState): DncState {
  const [memory, readWeights, writeWeights, link, precedenceWeights, usage, readWords, hidden, cell] = tensors;
  const access = { memory, readWeights, writeWeights, linkage: { link, precedenceWeights }, usage } as AccessState;
  return { readWords: readWords as tf.Tensor3D, access, controller: controllerState(hidden, cell, like.controller) };
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
