import { variableShapes } from "@dnc/core";
import type { NetworkConfig } from "../configs.js";
import type { CompleteTask } from "../task/task-source.js";
import { UsageError } from "../usage-error.js";

/** Most numbers in one tensor, which then takes 4 GiB. */
const MAX_TENSOR_SIZE = 2 ** 30;

/** Most numbers in a file of a checkpoint, which has at most 2 GiB with its header. */
const MAX_PARAMETERS = (2 ** 31 - 2 ** 20) / Float32Array.BYTES_PER_ELEMENT;

/** Copies of the parameters: weights, gradients, mean squares, and one of the engine or a checkpoint. */
const PARAMETER_COPIES = 4;

/** The sizes of a task on which memory depends. */
export type BatchSizes = Pick<CompleteTask, "batchSize" | "inputSize" | "targetSize" | "maxTimeSteps">;

/** Fewest tensors of a link matrix's size that TensorFlow.js ops keep per time step for the backward pass. */
const OPS_LINK_COPIES = 4;

/**
 * Checks lower bounds of the memory that a configuration needs with any engine: for each tensor, the parameters in a
 * checkpoint's file, the copies of the parameters with the inputs of a batch, and one link matrix per time step for the
 * backward pass.
 *
 * @param network - the network.
 * @param task - the task, on whose sizes memory depends.
 * @param memory - memory of the machine in bytes; default: not known, and nothing is too large for it.
 * @throws UsageError naming what is too large, and its size.
 */
export function checkSizes(network: NetworkConfig, task: BatchSizes, memory = Number.POSITIVE_INFINITY): void {
  const { batchSize: batch, inputSize, targetSize: outputSize, maxTimeSteps } = task;
  const { kind, ...config } = network;
  const { memorySize: slots, wordSize, hiddenSize, readHeads, writeHeads } = config;
  if (kind === "lstm") {
    checkLstm(network, task, memory);
    return;
  }
  const shapes = variableShapes({ ...config, inputSize, outputSize });
  const sizes = new Map(shapes.map(({ name, shape }) => [name, shape.reduce((size, length) => size * length, 1)]));
  const tensors = {
    "the link matrices (batch_size * num_write_heads * memory_size^2)":
      config.memory?.links === false ? 0 : batch * writeHeads * slots ** 2,
    "the memories (batch_size * memory_size * word_size)": batch * slots * wordSize,
    "the read weights (batch_size * num_read_heads * num_write_heads * memory_size)":
      batch * readHeads * writeHeads * slots,
    "the controller's weights": (inputSize + readHeads * wordSize + 2 * hiddenSize) * 4 * hiddenSize,
    "the weights of the read keys": sizes.get("dnc/memory_access/read_keys/w") as number,
    "the weights of the write vectors": sizes.get("dnc/memory_access/write_vectors/w") as number,
    "the inputs of a batch": maxTimeSteps * batch * inputSize,
  };
  for (const [what, size] of Object.entries(tensors)) {
    if (size <= MAX_TENSOR_SIZE) continue;
    const numbers = `at most ${MAX_TENSOR_SIZE} numbers, got ${size.toPrecision(3)}`;
    throw new UsageError(`too large: ${what} would be a single tensor; expected ${numbers}`);
  }
  const parameters = [...sizes.values()].reduce((total, size) => total + size, 0);
  if (parameters > MAX_PARAMETERS) {
    const numbers = `${MAX_PARAMETERS} numbers, which one file of a checkpoint can hold`;
    throw new UsageError(`too large: the parameters; expected at most ${numbers}, got ${parameters}`);
  }
  const copies = `the parameters (${parameters.toPrecision(3)}, ${PARAMETER_COPIES} times)`;
  const numbers = PARAMETER_COPIES * parameters + tensors["the inputs of a batch"];
  checkFits(`${copies} and the inputs of a batch`, numbers, memory);
  checkLinks(network, task, 1, memory);
}

/**
 * Checks a lower bound of the memory that a configuration needs with TensorFlow.js ops.
 *
 * @param memory - memory of the machine in bytes; default: not known, and nothing is too large for it.
 * @throws UsageError naming what is too large, and its size.
 */
export function checkSizesForOps(network: NetworkConfig, task: BatchSizes, memory = Number.POSITIVE_INFINITY): void {
  checkLinks(network, task, OPS_LINK_COPIES, memory);
}

/** Checks an LSTM without a memory: its parameters, and the inputs of a batch. */
function checkLstm({ hiddenSize, layers = 1 }: NetworkConfig, task: BatchSizes, memory: number): void {
  const { batchSize, inputSize, targetSize, maxTimeSteps } = task;
  const gates = (inputSize + (layers === 1 ? 1 : 2) * hiddenSize) * 4 * hiddenSize;
  if (gates > MAX_TENSOR_SIZE) {
    const numbers = `at most ${MAX_TENSOR_SIZE} numbers, got ${gates.toPrecision(3)}`;
    throw new UsageError(`too large: the weights of a layer would be a single tensor; expected ${numbers}`);
  }
  const parameters = layers * gates + layers * hiddenSize * targetSize;
  const numbers = PARAMETER_COPIES * parameters + maxTimeSteps * batchSize * inputSize;
  checkFits("the parameters and the inputs of a batch", numbers, memory);
}

function checkLinks(network: NetworkConfig, task: BatchSizes, copies: number, memory: number): void {
  const { batchSize: batch, maxTimeSteps: steps } = task;
  const { kind, writeHeads, memorySize: slots, memory: { links = true } = {} } = network;
  if (kind === "lstm" || !links) return;
  const each = `${copies === 1 ? "" : `${copies} * `}batch_size * num_write_heads * memory_size^2 numbers each`;
  checkFits(`the link matrices of ${steps} steps (${each})`, steps * copies * batch * writeHeads * slots ** 2, memory);
}

function checkFits(what: string, numbers: number, memory: number): void {
  const needed = numbers * Float32Array.BYTES_PER_ELEMENT;
  if (needed <= memory) return;
  const sizes = `need ${gibibytes(needed)}; expected at most the machine's ${gibibytes(memory)}`;
  throw new UsageError(`too large: ${what} ${sizes}`);
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
