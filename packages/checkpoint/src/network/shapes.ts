import type { ControllerType } from "@dnc/core";
import type { StoredTensor } from "../stored-tensor.js";
import type { ExpectedTensor } from "../tensor-differences.js";

/** The sizes on which the shapes of a network's variables depend. */
export interface NetworkSizes {
  readonly controller: ControllerType;
  readonly hiddenSize: number;
  readonly wordSize: number;
  readonly readHeads: number;
  readonly writeHeads: number;
}

/** The sizes that appear only in the tensors. */
export interface TensorSizes {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly layers: number;
}

/**
 * For each controller: the variable whose number of rows gives the width of the inputs, and whether the controller's
 * state is among its inputs.
 */
const FIRST_WEIGHTS = {
  lstm: { name: "dnc/lstm/w_gates", recurrent: true },
  "deep-lstm": { name: "dnc/deep_lstm/layer_1/w_gates", recurrent: true },
  gru: { name: "dnc/gru/w_gates", recurrent: true },
  "feed-forward": { name: "dnc/feed_forward/w", recurrent: false },
} as const;

/**
 * Reads from a network's tensors the sizes that are not in its settings. Each is at least 1, even if its tensor is
 * missing or too small; then the tensor differs from the expected one.
 *
 * @param sizes - valid sizes, which the tensors may contradict.
 */
export function sizesOfTensors(
  { controller, hiddenSize, wordSize, readHeads }: NetworkSizes,
  tensors: readonly StoredTensor[],
): TensorSizes {
  const { name, recurrent } = FIRST_WEIGHTS[controller];
  const rows = tensors.find((tensor) => tensor.name === name)?.shape[0] ?? 0;
  const outputs = tensors.find((tensor) => tensor.name === "dnc/output_linear/b")?.shape[0] ?? 0;
  const layers = tensors.filter((tensor) => /^dnc\/deep_lstm\/layer_\d+\/w_gates$/.test(tensor.name)).length;
  return {
    inputSize: Math.max(1, rows - readHeads * wordSize - (recurrent ? hiddenSize : 0)),
    outputSize: Math.max(1, outputs),
    layers: controller === "deep-lstm" ? Math.max(1, layers) : 1,
  };
}

/** Returns the name and shape of each variable of a network, without creating variables. */
export function variableShapes(sizes: NetworkSizes & TensorSizes): ExpectedTensor[] {
  const { controller, hiddenSize, wordSize, readHeads, writeHeads, outputSize, layers } = sizes;
  const width = controller === "deep-lstm" ? layers * hiddenSize : hiddenSize;
  const interfaceLayers = {
    write_vectors: writeHeads * wordSize,
    erase_vectors: writeHeads * wordSize,
    free_gate: readHeads,
    allocation_gate: writeHeads,
    write_gate: writeHeads,
    read_mode: readHeads * (1 + 2 * writeHeads),
    write_keys: writeHeads * wordSize,
    write_strengths: writeHeads,
    read_keys: readHeads * wordSize,
    read_strengths: readHeads,
  };
  const shapes = {
    ...controllerShapes(sizes),
    ...Object.fromEntries(
      Object.entries(interfaceLayers).flatMap(([layer, size]) => [
        [`memory_access/${layer}/w`, [width, size]],
        [`memory_access/${layer}/b`, [size]],
      ]),
    ),
    "output_linear/w": [width + readHeads * wordSize, outputSize],
    "output_linear/b": [outputSize],
  };
  return Object.entries(shapes).map(([name, shape]) => ({ name: `dnc/${name}`, shape }));
}

function controllerShapes(sizes: NetworkSizes & TensorSizes): Record<string, readonly number[]> {
  const { controller, hiddenSize: hidden, wordSize, readHeads, inputSize, layers } = sizes;
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
