import { interfaceLayers } from "@dnc/access";
import { type CompleteDncConfig, type ControllerType, completeConfig, type DncConfig } from "./config.js";

/** The name and shape of a variable. */
export interface VariableShape {
  /** Name, as in a checkpoint of the reference. */
  readonly name: string;
  /** Length of each dimension. */
  readonly shape: readonly number[];
}

/**
 * Returns the name and shape of each variable of a network, without making any.
 *
 *     const sizes = variableShapes(config).map(({ shape }) => shape.reduce((size, length) => size * length, 1));
 *     const parameters = sizes.reduce((sum, size) => sum + size, 0);
 *
 * @param config - with the name of a built-in controller; a function says nothing about its variables.
 * @returns the same names and shapes as `variables` of a `Dnc` of this configuration, in the same order.
 * @throws TypeError if the controller is a function, or as `new Dnc` does; RangeError as `new Dnc` does.
 */
export function variableShapes(config: DncConfig): VariableShape[] {
  const complete = completeConfig(config);
  const { controller, hiddenSize, wordSize, readHeads, writeHeads, outputSize, layers } = complete;
  if (typeof controller === "function")
    throw new TypeError("config.controller: expected the name of a controller, got a function");
  if (complete.access !== undefined) throw new TypeError("config.access: expected none, got a function");
  const width = controller === "deep-lstm" ? layers * hiddenSize : hiddenSize;
  const layersOfInterface = interfaceLayers({ wordSize, readHeads, writeHeads, ...complete.memory });
  const shapes = {
    ...controllerShapes(complete, controller),
    ...Object.fromEntries(
      layersOfInterface.flatMap(({ name: layer, size }) => [
        [`memory_access/${layer}/w`, [width, size]],
        [`memory_access/${layer}/b`, [size]],
      ]),
    ),
    "output_linear/w": [width + readHeads * wordSize, outputSize],
    "output_linear/b": [outputSize],
  };
  return Object.entries(shapes).map(([name, shape]) => ({ name: `dnc/${name}`, shape }));
}

function controllerShapes(
  { hiddenSize: hidden, wordSize, readHeads, inputSize, layers }: CompleteDncConfig,
  controller: ControllerType,
): Record<string, readonly number[]> {
  const inputs = inputSize + readHeads * wordSize;
  const rows = inputs + hidden;
  switch (controller) {
    case "lstm":
      return { "lstm/w_gates": [rows, 4 * hidden], "lstm/b_gates": [4 * hidden] };
    case "gru":
      return {
        "gru/w_gates": [rows, 2 * hidden],
        "gru/b_gates": [2 * hidden],
        "gru/w_candidate": [rows, hidden],
        "gru/b_candidate": [hidden],
      };
    case "feed-forward":
      return { "feed_forward/w": [inputs, hidden], "feed_forward/b": [hidden] };
    case "deep-lstm":
      return Object.fromEntries(
        Array.from({ length: layers }, (_, below) => [
          [`deep_lstm/layer_${below + 1}/w_gates`, [below === 0 ? rows : rows + hidden, 4 * hidden]],
          [`deep_lstm/layer_${below + 1}/b_gates`, [4 * hidden]],
        ]).flat(),
      );
  }
}
