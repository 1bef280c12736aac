/** Parts of a network's state and of its gradient in the kernel's memory. */
import type { NetworkSizes, UnrollState, UnrollStateName } from "@dnc/core/engine";
import { copyRows, type Network } from "./network.js";

type Values = Float32Array;

/**
 * Names of the kernel's arrays for each part of the state and its gradient; parts without a name are rows of the
 * carried state.
 */
const FIELDS = {
  memory: { values: "memory", gradient: "dMemory" },
  readWeights: { values: "readWeights", gradient: "dReadWeights" },
  writeWeights: { values: "writeWeights", gradient: "dWriteWeights" },
  link: { values: "link", gradient: "dLink" },
  precedenceWeights: { values: "precedence", gradient: "dPrecedence" },
  usage: { values: "usage", gradient: "dUsage" },
  readWords: undefined,
  hidden: undefined,
  cell: { values: "cell", gradient: "dCell" },
} as const satisfies UnrollState<unknown>;

/** Returns how many numbers each part of the state of one sequence has. */
export function stateWidths(sizes: NetworkSizes): UnrollState<number> {
  const { memorySize, wordSize, readHeads, writeHeads, links, controller, layers, hiddenSize } = sizes;
  const linked = links ? memorySize : 0;
  const hidden = controller === "lstm" || controller === "gru" ? layers * hiddenSize : 0;
  return {
    memory: memorySize * wordSize,
    readWeights: readHeads * memorySize,
    writeWeights: writeHeads * memorySize,
    link: writeHeads * linked * linked,
    precedenceWeights: writeHeads * linked,
    usage: memorySize,
    readWords: readHeads * wordSize,
    hidden,
    cell: controller === "lstm" ? hidden : 0,
  };
}

/** Returns rows of the carried state, starting at row `first`. */
export function carriedRows(network: Network, field: "carried" | "dCarried", first: number, rows: number) {
  const distance = network.word("carryPad");
  return { array: network.numbers(field, (first + rows) * distance), at: first * distance, distance };
}

/** Copies the words or the hidden units from the rows of one step's carried state. */
function section(
  network: Network,
  field: "carried" | "dCarried",
  name: UnrollStateName,
  part: number,
  batchSize: number,
) {
  const rows = carriedRows(network, field, part * batchSize, batchSize);
  const offset = name === "readWords" ? network.sizes.inputSize : network.word("hiddenAt");
  return { ...rows, at: rows.at + offset };
}

/** Writes a part of the initial state. */
export function putState(network: Network, name: UnrollStateName, values: Values, batchSize: number): void {
  const field = FIELDS[name];
  if (!field)
    copyRows(batchSize, values.length / batchSize, { array: values }, section(network, "carried", name, 0, batchSize));
  else if (values.length > 0) network.numbers(field.values, values.length).set(values);
}

/**
 * Copies a part of the state after a run.
 *
 * @param size - its number of values.
 * @param step - the number of steps run, or without history that number modulo 2.
 */
export function takeState(
  network: Network,
  name: UnrollStateName,
  batchSize: number,
  size: number,
  step: number,
): Values {
  const values = new Float32Array(size);
  const field = FIELDS[name];
  if (!field)
    copyRows(batchSize, size / batchSize, section(network, "carried", name, step, batchSize), { array: values });
  else if (size > 0) values.set(network.numbers(field.values, (step + 1) * size).subarray(step * size));
  return values;
}

/** Writes the gradient of a part of the final state. */
export function putGradient(
  network: Network,
  name: UnrollStateName,
  values: Values,
  timeSteps: number,
  batchSize: number,
): void {
  const field = FIELDS[name];
  const width = values.length / batchSize;
  if (!field) copyRows(batchSize, width, { array: values }, section(network, "dCarried", name, timeSteps, batchSize));
  else if (values.length > 0) network.numbers(field.gradient, values.length).set(values);
}

/** Copies the gradient of a part of the initial state, `size` values. */
export function takeGradient(network: Network, name: UnrollStateName, batchSize: number, size: number): Values {
  const values = new Float32Array(size);
  const field = FIELDS[name];
  if (!field)
    copyRows(batchSize, size / batchSize, section(network, "dCarried", name, 0, batchSize), { array: values });
  else if (size > 0) values.set(network.numbers(field.gradient, size));
  return values;
}
