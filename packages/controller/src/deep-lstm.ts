import { assertShape, type CreateVariable, type NamedVariable, toFloat32 } from "@dnc/addressing";
import { checkInteger, checkKeys } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import { completeConfig } from "./config.js";
import type { Controller, ControllerStep } from "./controller.js";
import { advanceLstm, checkLstmState, type LstmState, lstmVariables } from "./lstm.js";
import { disposeVariables, makeVariables, SEEDS_PER_CONTROLLER } from "./variables.js";

/** Each layer has weights and biases. */
const VARIABLES_PER_LAYER = 2;
/** With more layers two variables would share a seed. */
const MAX_LAYERS = SEEDS_PER_CONTROLLER / VARIABLES_PER_LAYER;

const KEYS = ["inputSize", "hiddenSize", "layers", "seed"];

/** Sizes and seed of a {@link DeepLstm}. */
export type DeepLstmConfig = {
  /** Positive integer, width of the inputs. */
  readonly inputSize: number;
  /** Positive integer, number of units in each layer. */
  readonly hiddenSize: number;
  /** Integer from 1 to 32, number of layers; default: 2. */
  readonly layers?: number | undefined;
  /** Integer from 0 to 2^31, fixes the initial values; default: 0. */
  readonly seed?: number | undefined;
};

/** State of a {@link DeepLstm}: the state of each layer; `layer_1` is the one nearest to the inputs. */
export type DeepLstmState = { readonly [layer: `layer_${number}`]: LstmState };

/**
 * A stack of LSTM layers with skip connections from the inputs to every layer and from every layer to the output: the
 * controller of the paper.
 *
 * Layer `l` is an {@link Lstm} with its forget bias. Its inputs are the controller's inputs and, above the first layer,
 * the output of the layer below at this step. With `'` for the previous step:
 *
 *     x[l] = [inputs, hidden[l - 1], hidden'[l]]
 *     hidden[l], cell[l] = LSTM of layer l (x[l], cell'[l])
 *     output = [hidden[1], ..., hidden[layers]]
 *
 * The variables are `deep_lstm/layer_1/w_gates`, `deep_lstm/layer_1/b_gates`, `deep_lstm/layer_2/w_gates`, ..., with
 * rows in the order of `x[l]` and initial values drawn as for an {@link Lstm} with as many rows.
 *
 * Source: Graves et al. 2016, Methods, "Controller network"; the paper does not mention the forget bias.
 */
export class DeepLstm implements Controller<DeepLstmState> {
  readonly inputSize: number;
  /** Number of units in each layer. */
  readonly hiddenSize: number;
  /** Number of layers, from 1 to 32. */
  readonly layers: number;
  readonly outputSize: number;
  readonly variables: readonly NamedVariable[];

  /**
   * @param config - sizes, number of layers and seed.
   * @param createVariable - creates each variable; default: new trainable variables.
   * @throws TypeError for an unknown key or a value of the wrong kind; RangeError for a number out of range.
   */
  constructor(config: DeepLstmConfig, createVariable?: CreateVariable) {
    const { inputSize, hiddenSize, layers = 2, seed } = completeConfig(config, KEYS);
    checkInteger("layers", layers, 1, MAX_LAYERS);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.layers = layers;
    this.outputSize = layers * hiddenSize;
    const plans = this.#layerNames().flatMap((layer, below) =>
      lstmVariables(`deep_lstm/${layer}`, below === 0 ? inputSize : inputSize + hiddenSize, hiddenSize),
    );
    this.variables = makeVariables(plans, seed, createVariable);
  }

  /**
   * Creates the state before the first step.
   *
   * @param batchSize - positive integer, number of sequences.
   * @returns for each layer `hidden` and `cell`, `[batch, hiddenSize]`, all zeros.
   * @throws RangeError or TypeError if `batchSize` is not a positive integer.
   */
  initialState(batchSize: number): DeepLstmState {
    checkInteger("batchSize", batchSize, 1);
    const zeros = () => tf.zeros([batchSize, this.hiddenSize]) as tf.Tensor2D;
    return Object.fromEntries(this.#layerNames().map((layer) => [layer, { hidden: zeros(), cell: zeros() }]));
  }

  /**
   * Runs one step in time.
   *
   * @param inputs - `[batch, inputSize]`.
   * @param state - from `initialState` or the previous step.
   * @returns `output`, `[batch, layers hiddenSize]`, the next `hidden` of all layers concatenated, and the next state.
   * @throws RangeError if a shape does not fit; TypeError if an argument is not a tensor.
   */
  step(inputs: tf.Tensor2D, state: DeepLstmState): ControllerStep<DeepLstmState> {
    assertShape("inputs", inputs, ["batch", this.inputSize]);
    const layers = this.#layerNames();
    checkKeys("state", state, layers);
    for (const layer of layers) checkLstmState(`state.${layer}`, state[layer], [inputs.shape[0], this.hiddenSize]);
    return tf.tidy(() => {
      const next: { [layer: `layer_${number}`]: LstmState } = {};
      const seen = toFloat32(inputs);
      const outputs: tf.Tensor2D[] = []; // one per layer, each [batch, hiddenSize]
      for (const [below, layer] of layers.entries()) {
        const features = tf.concat([seen, ...outputs.slice(-1), toFloat32(state[layer].hidden)], 1);
        const first = below * VARIABLES_PER_LAYER;
        next[layer] = advanceLstm(
          features,
          toFloat32(state[layer].cell),
          this.variables.slice(first, first + VARIABLES_PER_LAYER),
        );
        outputs.push(next[layer].hidden);
      }
      return { output: outputs.length === 1 ? tf.clone(outputs[0]) : tf.concat(outputs, 1), state: next };
    });
  }

  /** Disposes the variables; disposing twice does nothing. */
  dispose(): void {
    disposeVariables(this.variables);
  }

  #layerNames(): `layer_${number}`[] {
    return Array.from({ length: this.layers }, (_, below) => `layer_${below + 1}` as const);
  }
}
