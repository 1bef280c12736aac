import type { VariableShape } from "@dnc/core";

/** Sizes of an LSTM without a memory. */
type LstmSizes = Readonly<Record<"inputSize" | "outputSize" | "hiddenSize" | "layers", number>>;

/** Returns the name and shape of each variable of an `LstmNetwork`, in its order. */
export function lstmShapes({ inputSize, outputSize, hiddenSize, layers }: LstmSizes): VariableShape[] {
  const gates = 4 * hiddenSize;
  const names = Array.from({ length: layers }, (_, index) => (layers === 1 ? "lstm" : `deep_lstm/layer_${index + 1}`));
  const controller = names.flatMap((name, index) => [
    { name: `lstm_network/${name}/w_gates`, shape: [inputSize + (index === 0 ? 1 : 2) * hiddenSize, gates] },
    { name: `lstm_network/${name}/b_gates`, shape: [gates] },
  ]);
  return [
    ...controller,
    { name: "lstm_network/output_linear/w", shape: [layers * hiddenSize, outputSize] },
    { name: "lstm_network/output_linear/b", shape: [outputSize] },
  ];
}
