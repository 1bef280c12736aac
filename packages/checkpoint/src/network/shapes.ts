import type { ControllerType } from "@dnc/core";
import type { StoredTensor } from "../stored-tensor.js";

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
 * Reads the sizes of an LSTM without a memory from its tensors; as `sizesOfTensors`.
 *
 * @param hiddenSize - a valid size, which the tensors may contradict.
 */
export function sizesOfLstm(hiddenSize: number, tensors: readonly StoredTensor[]): TensorSizes {
  const named = (name: string) => tensors.find((tensor) => tensor.name === `lstm_network/${name}`)?.shape[0] ?? 0;
  const layers = tensors.filter(({ name }) => /^lstm_network\/deep_lstm\/layer_\d+\/w_gates$/.test(name)).length;
  const rows = Math.max(named("lstm/w_gates"), named("deep_lstm/layer_1/w_gates"));
  return {
    inputSize: Math.max(1, rows - hiddenSize),
    outputSize: Math.max(1, named("output_linear/b")),
    layers: Math.max(1, layers),
  };
}

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
