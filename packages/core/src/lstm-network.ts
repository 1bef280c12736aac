import { assertShape, toFloat32 } from "@dnc/addressing";
import { checkBoolean, checkInteger, checkKeys, formatValue } from "@dnc/addressing/checks";
import { type ControllerState, type CreateVariable, createController, type NamedVariable } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import type { CellStep, RecurrentCell, StepOptions } from "./cell.js";
import { clip } from "./clip.js";
import { checkClipValue } from "./config.js";
import { stepOp } from "./engine/select.js";
import { declareParts, declareStock, partsOf } from "./engine/stock.js";
import { PARTS, partSeed } from "./part-seed.js";
import { mapNested } from "./state.js";

/** Configuration of an {@link LstmNetwork}; the defaults are those of a `Dnc`'s controller. */
export interface LstmNetworkConfig {
  /** Width of an input. */
  inputSize: number;
  /** Width of an output. */
  outputSize: number;
  /** Number of units of each layer, 1 or more; default: 64. */
  hiddenSize?: number | undefined;
  /** Number of layers, 1 to 32; default: 1. */
  layers?: number | undefined;
  /**
   * Bound to which the LSTM's output and state and the logits are clipped, [-clipValue, clipValue]; 0 or null disables clipping;
   * default: 20.
   */
  clipValue?: number | null | undefined;
  /** Determines the initial weights; an integer from 0 to 2^31; default: 0. */
  seed?: number | undefined;
}

/** Configuration with every default filled in, in the terms of a DNC without a memory, as engines read it. */
export type CompleteLstmNetworkConfig = {
  readonly [Key in keyof LstmNetworkConfig]-?: Exclude<LstmNetworkConfig[Key], undefined>;
} & {
  /** The controller: an LSTM, a deep one if there are several layers. */
  readonly controller: "lstm" | "deep-lstm";
  /** There is no memory. */
  readonly memory: false;
  /** Number of memory slots: 0. */
  readonly memorySize: 0;
  /** Length of a memory word: 0. */
  readonly wordSize: 0;
  /** Number of read heads: 0. */
  readonly readHeads: 0;
  /** Number of write heads: 0. */
  readonly writeHeads: 0;
};

/** State of an {@link LstmNetwork}: that of its LSTM, clipped. */
export type LstmNetworkState = {
  /** Hidden units and cells, per layer if there are several. */
  readonly controller: ControllerState;
};

const KEYS = ["inputSize", "outputSize", "hiddenSize", "layers", "clipValue", "seed"];
const NO_MEMORY = { memory: false, memorySize: 0, wordSize: 0, readHeads: 0, writeHeads: 0 } as const;
const MAX_SEED = 2 ** 31;
const MAX_LAYERS = 32;

/**
 * An LSTM with an output layer and no memory: the baseline to which a `Dnc` with the same `hiddenSize` is compared.
 *
 *     const baseline = new LstmNetwork({ inputSize: 6, outputSize: 5, hiddenSize: 64 });
 *     const { outputs } = unroll(baseline, tf.zeros([9, 16, 6]));
 *
 * With the LSTM's output h and the output y of a step:
 *
 *     h = clip(lstm(x)),   y = clip(h W + b)
 *
 * The LSTM's state is clipped like its output. Initial values and clipping are those of a `Dnc`.
 *
 * Source: the baseline of Graves et al. 2016, Methods; the LSTM is `Lstm` or `DeepLstm` of `@dnc/controller`.
 */
export class LstmNetwork implements RecurrentCell<LstmNetworkState, undefined> {
  /** The configuration with every default filled in. */
  readonly config: CompleteLstmNetworkConfig;
  /** All parameters: LSTM, output layer. */
  readonly variables: readonly NamedVariable[];

  static {
    declareStock(LstmNetwork.prototype);
  }

  /**
   * @param config - sizes, clipping and seed; see `LstmNetworkConfig`.
   * @param createVariable - creates each variable; default: new `tf.Variable`s.
   * @throws TypeError for an unknown key of `config` or a value of the wrong kind; RangeError for a number out of range.
   */
  constructor(config: LstmNetworkConfig, createVariable?: CreateVariable) {
    this.config = completeConfig(config);
    if (createVariable !== undefined && typeof createVariable !== "function")
      throw new TypeError(`createVariable: expected a function, got ${formatValue(createVariable)}`);
    const create: CreateVariable = (name, initial) =>
      createVariable ? createVariable(`lstm_network/${name}`, initial) : tf.tidy(() => tf.variable(initial()));
    const { inputSize, outputSize, hiddenSize, layers, controller: type, seed } = this.config;
    const sizes = { type, inputSize, hiddenSize, seed: partSeed(seed, PARTS.controller) };
    const controller = createController(type === "deep-lstm" ? { ...sizes, layers } : sizes, create);
    const rows = controller.outputSize;
    // TensorFlow.js treats 0 as "no seed".
    const outputSeed = 1 + partSeed(seed, PARTS.output);
    const initialWeights = () => tf.truncatedNormal([rows, outputSize], 0, 1 / Math.sqrt(rows), "float32", outputSeed);
    const output = {
      weights: create("output_linear/w", initialWeights),
      biases: create("output_linear/b", () => tf.zeros([outputSize])),
    };
    this.variables = [
      ...controller.variables,
      { name: "output_linear/w", variable: output.weights },
      { name: "output_linear/b", variable: output.biases },
    ].map(({ name, variable }) => ({ name: `lstm_network/${name}`, variable }));
    declareParts(this, { controller, output });
  }

  /**
   * Creates the state before the first step: all zeros.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns new tensors, each `[batch, hiddenSize]`, which the caller disposes.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): LstmNetworkState {
    checkInteger("batchSize", batchSize, 1);
    return { controller: partsOf(this).controller.initialState(batchSize) };
  }

  /**
   * Runs one step in time.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the step before; belongs to the caller.
   * @param options - `trace`: whether to return a trace of the step.
   * @returns logits `[batch, outputSize]` and the new state; with `trace` also `controllerOutput`, `[batch, controllerSize]`.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor or not a state, for an unknown
   *   option or one of the wrong kind.
   */
  step(inputs: tf.Tensor2D, state: LstmNetworkState, options: StepOptions<undefined> = {}): CellStep<LstmNetworkState> {
    checkKeys("option", options, ["trace"]);
    const { trace = false } = options;
    checkBoolean("trace", trace);
    assertShape("inputs", inputs, ["batch", this.config.inputSize]);
    checkKeys("state", state, ["controller"]);
    const asOp = trace ? undefined : stepOp(this, false);
    if (asOp) return asOp(inputs, state) as CellStep<LstmNetworkState>;
    const { controller, output } = partsOf(this);
    const clipped = (tensor: tf.Tensor) => clip(tensor, this.config.clipValue);
    return tf.tidy(() => {
      const controlled = controller.step(toFloat32(inputs), state.controller);
      const hidden = clipped(controlled.output) as tf.Tensor2D; // [batch, controllerSize]
      const next = mapNested<tf.Tensor, tf.Tensor>(controlled.state, clipped) as ControllerState;
      const logits = clipped(tf.add(tf.matMul(hidden, output.weights as tf.Tensor2D), output.biases)) as tf.Tensor2D;
      const step = { output: logits, state: { controller: next } };
      return trace ? { ...step, trace: { controllerOutput: hidden } } : step;
    });
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    partsOf(this).controller.dispose();
    for (const { variable } of this.variables) if (!variable.isDisposed) variable.dispose();
  }
}

function completeConfig(config: LstmNetworkConfig): CompleteLstmNetworkConfig {
  checkKeys("config", config, KEYS);
  const { inputSize, outputSize, hiddenSize = 64, layers = 1, clipValue = 20, seed = 0 } = config;
  for (const [name, size] of Object.entries({ inputSize, outputSize, hiddenSize })) checkInteger(name, size, 1);
  checkInteger("layers", layers, 1, MAX_LAYERS);
  checkClipValue(clipValue);
  checkInteger("seed", seed, 0, MAX_SEED);
  const controller = layers === 1 ? "lstm" : "deep-lstm";
  return { inputSize, outputSize, hiddenSize, layers, clipValue, seed, controller, ...NO_MEMORY };
}
