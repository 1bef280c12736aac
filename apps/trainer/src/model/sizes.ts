import { totalmem } from "node:os";
import { variableShapes } from "@dnc/core";
import type { ModelConfig } from "../configs.js";
import { UsageError } from "../usage-error.js";
import { createTask } from "./create-network.js";

/** No single tensor may have more numbers than this: 4 GiB of them. */
const MAX_TENSOR_SIZE = 2 ** 30;

/** Number of layers of the deep controller in `@dnc/core`. */
const DEEP_LAYERS = 3;

/** Maximum bytes of tensors in a checkpoint's file: 2 GiB with its header. */
const MAX_FILE_OF_TENSORS = 2 ** 31 - 2 ** 20;

/** Weights, gradients, mean squares, and copies by the engine or a checkpoint. */
const COPIES_OF_PARAMETERS = 4;

/** Number of tensors of a link matrix's size that each step of TensorFlow.js ops keeps for the backward pass, at least. */
const LINKS_A_STEP_OF_OPS = 4;

/**
 * Checks that a configuration can fit into memory, whatever trains it: each tensor, the parameters in a checkpoint's file, the
 * copies of the parameters with a batch's inputs, and the link matrices, of which the backward pass needs one per step. Whether
 * it really fits, the engine finds out.
 *
 * @param memory - bytes that the machine has.
 * @throws UsageError naming what is too large, and its size.
 */
export function checkSizes(config: ModelConfig, memory = totalmem()): void {
  const { batchSize: batch, inputSize, targetSize: outputSize, maxTimeSteps } = createTask(config.task);
  const { memorySize: slots, wordSize, hiddenSize, readHeads, writeHeads, controller } = config.network;
  const width = hiddenSize * (controller === "deep-lstm" ? DEEP_LAYERS : 1);
  const readSize = readHeads * wordSize;
  const tensors = {
    "the link matrices (batch_size * num_write_heads * memory_size^2)": batch * writeHeads * slots ** 2,
    "the memories (batch_size * memory_size * word_size)": batch * slots * wordSize,
    "the read weights (batch_size * num_read_heads * num_write_heads * memory_size)":
      batch * readHeads * writeHeads * slots,
    "the controller's weights": (inputSize + readSize + 2 * hiddenSize) * 4 * hiddenSize,
    "the weights of the read keys": width * readSize,
    "the weights of the write vectors": width * writeHeads * wordSize,
    "the observations of a batch": maxTimeSteps * batch * inputSize,
  };
  for (const [what, size] of Object.entries(tensors)) {
    if (size <= MAX_TENSOR_SIZE) continue;
    const sizes = `at most ${MAX_TENSOR_SIZE} numbers, got ${size.toPrecision(3)}`;
    throw new UsageError(`too large: ${what} would be a single tensor; expected ${sizes}`);
  }
  const parameters = variableShapes({ ...config.network, inputSize, outputSize })
    .map(({ shape }) => shape.reduce((size, length) => size * length, 1))
    .reduce((total, size) => total + size, 0);
  const most = MAX_FILE_OF_TENSORS / Float32Array.BYTES_PER_ELEMENT;
  if (parameters > most) {
    const sizes = `expected at most ${most} numbers, which one file of a checkpoint can hold, got ${parameters}`;
    throw new UsageError(`too large: the parameters; ${sizes}`);
  }
  const copies = `the parameters (${parameters.toPrecision(3)}, ${COPIES_OF_PARAMETERS} times)`;
  const numbers = COPIES_OF_PARAMETERS * parameters + tensors["the observations of a batch"];
  checkFits(`${copies} and the observations of a batch`, numbers, memory);
  checkLinks(config, 1, memory);
}

/**
 * Checks that a configuration can fit into memory when TensorFlow.js ops train it.
 *
 * @param memory - bytes that the machine has.
 * @throws UsageError naming what is too large, and its size.
 */
export function checkSizesForOps(config: ModelConfig, memory = totalmem()): void {
  checkLinks(config, LINKS_A_STEP_OF_OPS, memory);
}

function checkLinks(config: ModelConfig, copies: number, memory: number): void {
  const { batchSize: batch, maxTimeSteps: steps } = createTask(config.task);
  const { writeHeads, memorySize: slots } = config.network;
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
