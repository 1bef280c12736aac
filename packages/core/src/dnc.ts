import { type Access, type AccessState, type InterfaceWeights, MemoryAccess } from "@dnc/access";
import { assertShape, toFloat32 } from "@dnc/addressing";
import { checkBoolean, checkInteger, checkKeys, checkObject, formatValue } from "@dnc/addressing/checks";
import {
  type Controller,
  type ControllerState,
  type CreateVariable,
  createController,
  type NamedVariable,
} from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import type { CellStep, RecurrentCell, StepOptions, StepTrace } from "./cell.js";
import { checkMethods } from "./checks.js";
import { clip } from "./clip.js";
import { type CompleteDncConfig, completeConfig, type DncConfig } from "./config.js";
import type { DncState } from "./dnc-state.js";
import { stepOp } from "./engine/select.js";
import { declareParts, declareStock, partsOf } from "./engine/stock.js";
import { PARTS, partSeed } from "./part-seed.js";
import { mapNested } from "./state.js";

/**
 * The Differentiable Neural Computer as a recurrent cell.
 *
 *     const core = new Dnc({ inputSize: 6, outputSize: 5, seed: 1 });
 *     const { output, state } = core.step(tf.zeros([16, 6]), core.initialState(16));
 *     const { outputs } = unroll(core, tf.zeros([9, 16, 6]));
 *
 * With the controller's output h and the output y of a step:
 *
 *     h = clip(controller([x, read words of the step before]))
 *     y = clip([h, read words] W + b)
 *
 * The controller's state is clipped like its output. The defaults, names and initial values are the reference's.
 *
 * Source: Graves et al. 2016, Methods, "Controller network"; the clipping is that of the reference's DNC.
 */
export class Dnc implements RecurrentCell<DncState, InterfaceWeights> {
  /** The configuration with every default filled in. */
  readonly config: CompleteDncConfig;
  /** All parameters: controller, memory access, output layer; 24 tensors with the LSTM. */
  readonly variables: readonly NamedVariable[];

  static {
    declareStock(Dnc.prototype);
  }

  /**
   * @param config - sizes, controller, clipping and seed; see `DncConfig`.
   * @param createVariable - creates each variable; default: new `tf.Variable`s.
   * @throws TypeError for an unknown key of `config` or a value of the wrong kind, including what a `controller` or `access`
   *   function returns; RangeError for a number out of range or a custom part with a wrong `inputSize`.
   */
  constructor(config: DncConfig, createVariable?: CreateVariable) {
    this.config = completeConfig(config);
    if (createVariable !== undefined && typeof createVariable !== "function")
      throw new TypeError(`createVariable: expected a function, got ${formatValue(createVariable)}`);
    const { inputSize, outputSize, wordSize, readHeads, seed } = this.config;
    const create: CreateVariable = (name, initial) =>
      createVariable ? createVariable(`dnc/${name}`, initial) : tf.tidy(() => tf.variable(initial()));
    const readSize = readHeads * wordSize;

    const controller = makeController(this.config, inputSize + readSize, create);
    const controllerSize = controller.outputSize;
    const access = makeAccess(this.config, controllerSize, create);
    const rows = controllerSize + readSize;
    // TensorFlow.js treats 0 as "no seed".
    const outputSeed = 1 + partSeed(seed, PARTS.output);
    const initialWeights = () => tf.truncatedNormal([rows, outputSize], 0, 1 / Math.sqrt(rows), "float32", outputSeed);
    const output = {
      weights: create("output_linear/w", initialWeights),
      biases: create("output_linear/b", () => tf.zeros([outputSize])),
    };

    this.variables = [
      ...controller.variables,
      ...access.variables,
      { name: "output_linear/w", variable: output.weights },
      { name: "output_linear/b", variable: output.biases },
    ].map(({ name, variable }) => ({ name: `dnc/${name}`, variable }));
    declareParts(this, { controller, access, output });
  }

  /**
   * Creates the state before the first step: all zeros, as in the reference; not trainable.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, ...]`, which the caller disposes.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): DncState {
    const { readHeads, wordSize } = this.config;
    checkInteger("batchSize", batchSize, 1);
    const { access, controller } = partsOf(this);
    return {
      readWords: tf.zeros([batchSize, readHeads, wordSize]),
      access: access.initialState(batchSize) as AccessState,
      controller: controller.initialState(batchSize),
    };
  }

  /**
   * Computes the part of `step` that depends only on the variables. The caller disposes the result. A custom access decides
   * what it is, if anything.
   */
  prepareWeights(): InterfaceWeights {
    return partsOf(this).access.prepareWeights?.() as InterfaceWeights;
  }

  /**
   * Runs one step in time.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the step before; belongs to the caller.
   * @param options - `prepared`: from `prepareWeights`; `trace`: whether to return a trace of the step.
   * @returns logits `[batch, outputSize]` and the new state; with `trace` also every quantity of `DncTrace`, without
   *   the time axis.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor or not a state, for an unknown
   *   option or one of the wrong kind.
   */
  step(inputs: tf.Tensor2D, state: DncState, options: StepOptions<InterfaceWeights> = {}): CellStep<DncState> {
    const { inputSize, readHeads, wordSize } = this.config;
    checkKeys("option", options, ["prepared", "trace"]);
    const { trace = false } = options;
    checkBoolean("trace", trace);
    assertShape("inputs", inputs, ["batch", inputSize]);
    const [batch] = inputs.shape;
    checkObject("state", state);
    checkObject("state.access", state.access);
    assertShape("state.readWords", state.readWords, [batch, readHeads, wordSize]);
    const asOp = trace ? undefined : stepOp(this, options.prepared !== undefined);
    if (asOp) return asOp(inputs, state) as CellStep<DncState>;
    const parts = partsOf(this);
    const clipped = (tensor: tf.Tensor) => clip(tensor, this.config.clipValue);
    return tf.tidy(() => {
      const words = toFloat32(state.readWords);
      const flat = (words: tf.Tensor) => tf.reshape(words, [batch, readHeads * wordSize]) as tf.Tensor2D;
      const controlled = parts.controller.step(tf.concat([toFloat32(inputs), flat(words)], 1), state.controller);
      const hidden = clipped(controlled.output) as tf.Tensor2D; // [batch, controllerSize]
      const controller = mapNested<tf.Tensor, tf.Tensor>(controlled.state, clipped) as ControllerState;

      const access = parts.access.step(hidden, state.access, options);
      if (this.config.access) checkCustomStep(access, [batch, readHeads, wordSize]);
      const readWords = access.output;
      const features = tf.concat([hidden, flat(readWords)], 1);
      const logits = tf.add(tf.matMul(features, parts.output.weights as tf.Tensor2D), parts.output.biases);
      const step = {
        output: clipped(logits) as tf.Tensor2D,
        state: { readWords, access: access.state as AccessState, controller },
      };
      if (!access.trace) return step;
      const states = this.config.access ? {} : tracedState(access.state as AccessState, this.config.memory.links);
      return { ...step, trace: { ...present(access.trace), ...states, readWords, controllerOutput: hidden } };
    });
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    partsOf(this).controller.dispose();
    partsOf(this).access.dispose();
    for (const { variable } of this.variables) if (!variable.isDisposed) variable.dispose();
  }
}

function makeController(config: CompleteDncConfig, inputSize: number, createVariable: CreateVariable): Controller {
  const { controller: type, hiddenSize, layers } = config;
  const seed = partSeed(config.seed, PARTS.controller);
  if (typeof type === "function") {
    const controller = type({ inputSize, seed }, createVariable);
    checkCustomController(controller, inputSize);
    return controller;
  }
  const sizes = { type, inputSize, hiddenSize, seed };
  return createController(type === "deep-lstm" ? { ...sizes, layers } : sizes, createVariable);
}

function makeAccess(config: CompleteDncConfig, inputSize: number, createVariable: CreateVariable): Access {
  const { memorySize, wordSize, readHeads, writeHeads, memory, access: factory } = config;
  const seed = partSeed(config.seed, PARTS.access);
  const complete = { inputSize, memorySize, wordSize, readHeads, writeHeads, ...memory, seed };
  if (factory === undefined) return new MemoryAccess(complete, createVariable);
  const access = factory(complete, createVariable);
  checkMethods("access", access, "a function that returns a memory access", ["initialState", "step", "dispose"]);
  if (!Array.isArray(access.variables))
    throw new TypeError(`access.variables: expected an array, got ${formatValue(access.variables)}`);
  if (access.inputSize !== inputSize)
    throw new RangeError(`access.inputSize: expected ${inputSize}, got ${formatValue(access.inputSize)}`);
  return access;
}

/** The tensors of the state that a trace shows. */
function tracedState({ linkage, ...memory }: AccessState, links: boolean) {
  return links ? { ...memory, ...linkage } : memory;
}

/** Leaves out what is undefined. */
function present(trace: { readonly [quantity: string]: tf.Tensor | undefined }): StepTrace {
  return Object.fromEntries(Object.entries(trace).filter(([, tensor]) => tensor !== undefined)) as StepTrace;
}

/** Throws unless a custom memory access has returned words of this shape and a state. */
function checkCustomStep(step: ReturnType<Access["step"]>, shape: readonly [number, number, number]): void {
  checkObject("access.step()", step);
  assertShape("access.step().output", step.output, shape);
  checkObject("access.step().state", step.state);
}

/** Throws unless a custom controller has the required methods and this `inputSize`. */
function checkCustomController(controller: Controller, inputSize: number): void {
  checkMethods("controller", controller, "a function that returns a controller", ["initialState", "step", "dispose"]);
  if (!Array.isArray(controller.variables))
    throw new TypeError(`controller.variables: expected an array, got ${formatValue(controller.variables)}`);
  checkInteger("controller.outputSize", controller.outputSize, 1);
  if (controller.inputSize !== inputSize)
    throw new RangeError(`controller.inputSize: expected ${inputSize}, got ${formatValue(controller.inputSize)}`);
}
