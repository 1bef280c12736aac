import type { ModelConfig, NetworkConfig } from "../configs.js";
import { createTask } from "./create-network.js";

/** As many as `@dnc/core` gives the deep controller. */
const DEEP_LAYERS = 3;

/** Counts the numbers in all variables of a network, before any of them exists. */
export function parameterCount({ network, task }: ModelConfig): number {
  const { wordSize, readHeads, writeHeads } = network;
  const { inputSize, targetSize } = createTask({ ...task, batchSize: 1 });
  const readSize = readHeads * wordSize;
  const { parameters, width } = controllerSizes(network, inputSize + readSize);
  const ofReadHead = wordSize + 1 + 1 + (1 + 2 * writeHeads); // key, strength, free gate, modes
  const ofWriteHead = 3 * wordSize + 1 + 2; // key, erase and write vector, strength, gates
  return (
    parameters + (width + 1) * (readHeads * ofReadHead + writeHeads * ofWriteHead) + (width + readSize + 1) * targetSize
  );
}

/** @param inputs - width of what the controller sees: the input and all read words. */
function controllerSizes({ controller, hiddenSize }: NetworkConfig, inputs: number) {
  const recurrent = (gates: number, from: number) => gates * hiddenSize * (from + hiddenSize + 1);
  switch (controller) {
    case "lstm":
      return { parameters: recurrent(4, inputs), width: hiddenSize };
    case "gru":
      return { parameters: recurrent(3, inputs), width: hiddenSize };
    case "feed-forward":
      return { parameters: hiddenSize * (inputs + 1), width: hiddenSize };
    case "deep-lstm": {
      const above = (DEEP_LAYERS - 1) * recurrent(4, inputs + hiddenSize); // each sees the inputs and the layer below
      return { parameters: recurrent(4, inputs) + above, width: DEEP_LAYERS * hiddenSize };
    }
  }
}
