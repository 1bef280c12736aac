/** Parts of a network's state and of its gradient in the kernel's memory. */
import type { NetworkSizes, UnrollState, UnrollStateName } from "@dnc/core/engine";
import type { KernelNetwork } from "./host.js";
import { type Rows, readRows, writeRows } from "./rows.js";

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

/** Copies the gradient of the inputs, `[time, batch, inputSize]`. */
export function takeInputGradient(network: KernelNetwork, rows: number): Values {
  const values = new Float32Array(rows * network.sizes.inputSize);
  network.read("dInputs", 0, values);
  return values;
}

/** Rows of the words or of the hidden units in one part of the carried state or its gradient. */
function section(
  network: KernelNetwork,
  field: "carried" | "dCarried",
  name: UnrollStateName,
  part: number,
  { batchSize, width }: { batchSize: number; width: number },
): Rows {
  const stride = network.get("carryPad");
  const offset = name === "readWords" ? network.sizes.inputSize : network.get("hiddenAt");
  return { field, at: part * batchSize * stride + offset, stride, count: batchSize, width };
}

/** Writes a part of the initial state. */
export function putState(network: KernelNetwork, name: UnrollStateName, values: Values, batchSize: number): void {
  const field = FIELDS[name];
  const width = values.length / batchSize;
  if (!field) writeRows(network, section(network, "carried", name, 0, { batchSize, width }), values);
  else if (values.length > 0) network.write(field.values, 0, values);
}

/**
 * Copies a part of the state after a run.
 *
 * @param size - its number of values.
 * @param step - the number of steps run, or without history that number modulo 2.
 */
export function takeState(
  network: KernelNetwork,
  name: UnrollStateName,
  { batchSize, size, step }: { batchSize: number; size: number; step: number },
): Values {
  const field = FIELDS[name];
  if (!field) return readRows(network, section(network, "carried", name, step, { batchSize, width: size / batchSize }));
  const values = new Float32Array(size);
  const part = name === "memory" || name === "link" ? network.get("lastPart") : step;
  if (size > 0) network.read(field.values, part * size, values);
  return values;
}

/** Writes the gradient of a part of the state after `timeSteps` steps. */
export function putGradient(
  network: KernelNetwork,
  name: UnrollStateName,
  values: Values,
  { batchSize, timeSteps }: { batchSize: number; timeSteps: number },
): void {
  const field = FIELDS[name];
  const width = values.length / batchSize;
  // The part is that of `carriedGradient` in source/plan.h.
  if (!field) writeRows(network, section(network, "dCarried", name, timeSteps % 2, { batchSize, width }), values);
  else if (values.length > 0) network.write(field.gradient, 0, values);
}

/** Copies the gradient of a part of the initial state, `size` values. */
export function takeGradient(
  network: KernelNetwork,
  name: UnrollStateName,
  { batchSize, size }: { batchSize: number; size: number },
): Values {
  const field = FIELDS[name];
  if (!field) return readRows(network, section(network, "dCarried", name, 0, { batchSize, width: size / batchSize }));
  const values = new Float32Array(size);
  if (size > 0) network.read(field.gradient, 0, values);
  return values;
}
