/** The steps of a network, written out from their parts, so that each part can be replaced. */
import {
  type AccessState,
  type InterfaceParameters,
  MemoryAccess,
  readWeighting,
  writeMemory,
  writeWeighting,
} from "@dnc/access";
import { memoryRetention, updateLinkage, updateUsage } from "@dnc/addressing";
import { type ControllerState, type ControllerType, createController } from "@dnc/controller";
import type { Dnc } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";

/** What is replaced at each step. */
export interface Replaced {
  readonly parameters?: ((parameters: InterfaceParameters) => InterfaceParameters) | undefined;
  /** Of the words that controller and output see. */
  readonly words?: ((words: tf.Tensor3D) => tf.Tensor3D) | undefined;
  /** Of the memory before a time step. */
  readonly memory?: ((memory: tf.Tensor3D, step: number) => tf.Tensor3D) | undefined;
}

/** Runs a network step by step and returns its outputs, `[time, batch, outputSize]`, and the memory after the last step. */
export function stepByStep(network: Dnc, inputs: tf.Tensor3D, replaced: Replaced = {}) {
  const { config } = network;
  const { inputSize, wordSize, readHeads, writeHeads, memorySize, hiddenSize, clipValue, layers, memory } = config;
  const type = config.controller as ControllerType;
  const variableOf = (name: string) => {
    const found = network.variables.find((each) => each.name === `dnc/${name}`);
    if (!found) throw new Error(`There is no variable ${name}.`);
    return found.variable;
  };
  const sizes = { type, inputSize: inputSize + readHeads * wordSize, hiddenSize };
  const controller = createController(type === "deep-lstm" ? { ...sizes, layers } : sizes, variableOf);
  const accessSizes = { inputSize: controller.outputSize, memorySize, wordSize, readHeads, writeHeads, ...memory };
  const access = new MemoryAccess(accessSizes, variableOf);
  const { parameters = (same) => same, words: shown = (same) => same, memory: before = (same) => same } = replaced;
  const clip = (tensor: tf.Tensor) => (clipValue !== null ? tf.clipByValue(tensor, -clipValue, clipValue) : tensor);
  const clipState = (state: object): ControllerState =>
    Object.fromEntries(
      Object.entries(state).map(([key, part]) => [key, part instanceof tf.Tensor ? clip(part) : clipState(part)]),
    ) as ControllerState;
  const [time, batch] = inputs.shape;
  const flat = (words: tf.Tensor3D) => tf.reshape(shown(words), [batch, readHeads * wordSize]);
  let readWords = tf.zeros([batch, readHeads, wordSize]) as tf.Tensor3D;
  let state: AccessState = access.initialState(batch);
  let controllerState = controller.initialState(batch);
  const outputs: tf.Tensor[] = [];
  for (let step = 0; step < time; step++) {
    const now = tf.squeeze(tf.slice(inputs, step, 1), [0]);
    const controlled = controller.step(tf.concat([now, flat(readWords)], 1) as tf.Tensor2D, controllerState);
    const hidden = clip(controlled.output) as tf.Tensor2D;
    controllerState = clipState(controlled.state);
    const used = parameters(access.interfaceParameters(hidden));
    const usage = updateUsage(state.usage, state.writeWeights, used.freeGate, state.readWeights);
    const masks = memory.masking === false ? {} : { maskMinimum: memory.masking.minimum };
    const old = before(state.memory, step);
    const { writeWeights } = writeWeighting(used, old, usage, masks);
    const freed = memory.deallocation ? { retention: memoryRetention(used.freeGate, state.readWeights) } : {};
    const written = writeMemory(old, writeWeights, used, freed);
    const linkage = memory.links ? updateLinkage(state.linkage, writeWeights) : state.linkage;
    const { readWeights } = readWeighting(used, written, linkage.link, state.readWeights, masks);
    state = { memory: written, readWeights, writeWeights, linkage, usage };
    readWords = tf.matMul(readWeights, written) as tf.Tensor3D;
    const weights = variableOf("output_linear/w") as tf.Tensor2D;
    const features = tf.concat([hidden, flat(readWords)], 1) as tf.Tensor2D;
    outputs.push(clip(tf.add(tf.matMul(features, weights), variableOf("output_linear/b"))));
  }
  return { outputs: tf.stack(outputs), memory: state.memory };
}
