import { checkBoolean, checkKeys, formatValue } from "@dnc/addressing/checks";
import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { CONFIG_KEYS, type CompleteDncConfig, type ControllerType, completeConfig, type DncConfig } from "../config.js";
import { Dnc } from "../dnc.js";
import type { DncState } from "../dnc-state.js";
import { flattenNested, mapNested, type Nested, unflattenNested } from "../state.js";

/**
 * Configuration of a {@link DncCell}: that of a `Dnc` without `inputSize`, which the model determines. The controller
 * is given by name, so that it can be saved.
 */
export interface DncCellConfig extends Omit<DncConfig, "inputSize" | "controller" | "access"> {
  /** The controller's type; default: `"lstm"`. */
  controller?: ControllerType | undefined;
  /** Name of the layer, as in `tf.layers`. */
  name?: string | undefined;
  /** false freezes the weights, as in `tf.layers`; default: true. */
  trainable?: boolean | undefined;
}

const CELL_KEYS = [...CONFIG_KEYS.filter((key) => key !== "inputSize" && key !== "access"), "name", "trainable"];

/** A shape without its batch dimension. */
type Shape = readonly number[];

/** The initializer argument of `Layer.addWeight`. */
type Initializer = Parameters<layers.Layer["addWeight"]>[3];

/** The argument of `Layer.build`: a shape or a list of them. */
type BuildShape = Parameters<layers.Layer["build"]>[0];

type LayerConfig = ReturnType<layers.Layer["getConfig"]>;

/**
 * The DNC as a cell for `tf.layers.rnn({ cell: new DncCell({ outputSize: 5 }) })`.
 *
 * Every state tensor is `[batch, size]`, flattened row-major and initially zero. The first is the output, from which
 * `tf.layers` takes the layer's output width; the others are the DNC's state, without tensors that have no elements.
 *
 * Source: Graves et al. 2016, Methods, as for `Dnc`. The shapes and order of the states are the contract of `RNNCell`
 * in tf.layers.
 */
export class DncCell extends layers.RNNCell {
  /** Name of this class in saved models. */
  static readonly className = "DncCell";

  /**
   * Creates a cell from a saved configuration, to which `tf.layers` adds a key.
   *
   * @typeParam T - the class that `tf.layers` found under the saved name.
   * @param cls - that class: this one, or one derived from it.
   * @param config - what `getConfig` returned, possibly restored from JSON.
   * @returns a new cell; `build` creates its weights.
   */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    { customObjects: _, ...config }: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }

  /** Width of each state tensor: first the output, then the flattened tensors of the DNC's state. */
  readonly stateSize: number[];
  readonly #config: CompleteDncConfig;
  readonly #shapes: Nested<Shape>;
  #core: Dnc | undefined;

  /**
   * @param config - configuration of a `Dnc` without `inputSize`, plus the layer's `name` and `trainable`.
   * @throws TypeError for an unknown key of `config` or a value of the wrong kind; RangeError for a number out of range.
   */
  constructor(config: DncCellConfig) {
    checkKeys("config", config, CELL_KEYS);
    const { name, trainable, ...dnc } = config;
    if (name !== undefined && typeof name !== "string")
      throw new TypeError(`name: expected a string, got ${formatValue(name)}`);
    if (trainable !== undefined) checkBoolean("trainable", trainable);
    if (typeof dnc.controller === "function")
      throw new TypeError("controller: expected the name of a type, got a function, which cannot be saved");
    super({ ...(name === undefined ? {} : { name }), ...(trainable === undefined ? {} : { trainable }) });
    // The shapes of the state do not depend on the width of the input, which is unknown before `build`.
    this.#config = completeConfig({ ...dnc, inputSize: 1 });
    this.#shapes = stateShapes(this.#config);
    this.stateSize = [this.#config.outputSize, ...flattenNested(this.#shapes).filter(hasElements).map(sizeOf)];
  }

  /**
   * Creates the weights, once the width of the input is known.
   *
   * @param inputShape - `[batch, inputSize]`, of one step.
   */
  override build(inputShape: BuildShape): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as number[];
    this.#core = new Dnc({ ...this.#config, inputSize: shape[shape.length - 1] }, (name, initial) => {
      const value = tf.tidy(initial);
      // A model that is being loaded ignores the initializer and uses zeros, so the value is disposed here.
      const initializer = { apply: () => value } as unknown as Initializer;
      const weight = this.addWeight(name, value.shape, "float32", initializer);
      value.dispose();
      return weight.read() as tf.Variable;
    });
    this.built = true;
  }

  /**
   * Runs one step in time.
   *
   * @param inputs - the input of the step, then the states in the order of `stateSize`.
   * @returns the output, then the new states.
   */
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const core = this.#core;
    if (!core) throw new Error("DncCell: expected build before call, got call first");
    return tf.tidy(() => {
      // To tf.layers the previous output is a state; the DNC does not use it.
      const [input, , ...states] = inputs as tf.Tensor2D[];
      const [batch] = input.shape;
      const shapes = flattenNested(this.#shapes);
      const given = states[Symbol.iterator]();
      const tensors = shapes.map((shape) =>
        hasElements(shape)
          ? tf.reshape(given.next().value as tf.Tensor, [batch, ...shape])
          : tf.zeros([batch, ...shape]),
      );
      const { output, state } = core.step(input, unflattenNested(this.#shapes, tensors) as DncState);
      const flat = flattenNested<tf.Tensor>(state, this.#shapes).filter((tensor) => tensor.size > 0);
      const next = flat.map((tensor) => tf.reshape(tensor, [batch, -1]));
      return [output, output, ...next];
    });
  }

  /** Returns the constructor's configuration, with defaults filled in. */
  override getConfig(): LayerConfig {
    const { inputSize: _, ...config } = this.#config;
    return { ...super.getConfig(), ...(config as object as LayerConfig) };
  }
}

/** Computes the shapes of a state's tensors, without drawing any weights. */
function stateShapes(config: CompleteDncConfig): Nested<Shape> {
  const unused = tf.tidy(() => tf.variable(tf.scalar(0)));
  try {
    const state = new Dnc(config, () => unused).initialState(1);
    const shapes = mapNested<tf.Tensor, Shape>(state, (tensor) => tensor.shape.slice(1));
    tf.dispose(state);
    return shapes;
  } finally {
    unused.dispose();
  }
}

/** Whether tensors of this shape have elements. tf.layers has no states of width 0, such as those of a memory without links. */
function hasElements(shape: Shape): boolean {
  return !shape.includes(0);
}

function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

tf.serialization.registerClass(DncCell);
