import { totalmem } from "node:os";
import type { Settings } from "./flags.js";
import { UsageError } from "./usage-error.js";

/** No single tensor may have more numbers than this: 4 GiB of them. */
const MAX_TENSOR_SIZE = 2 ** 30;

/** As many as `@dnc/core` gives the deep controller. */
const DEEP_LAYERS = 3;

/** At least as many tensors of a link matrix's size does each step leave for the backward pass. */
const LINKS_A_STEP = 4;

/**
 * Refuses settings that cannot fit into memory: those where one tensor alone would be too large, or where the link
 * matrices that the backward pass needs exceed what the machine has.
 *
 * @param memory - bytes that the machine has.
 * @throws UsageError naming what is too large, and its size.
 */
export function checkSizes(settings: Settings, memory = totalmem()): void {
  const { batch_size: batch, memory_size: slots, word_size: wordSize, hidden_size: hiddenSize } = settings;
  const { num_read_heads: readHeads, num_write_heads: writeHeads, num_bits: bits } = settings;
  const width = hiddenSize * (settings.controller === "deep-lstm" ? DEEP_LAYERS : 1);
  const readSize = readHeads * wordSize;
  const steps = longestBatch(settings);
  const tensors = {
    "the link matrices (batch_size * num_write_heads * memory_size^2)": batch * writeHeads * slots ** 2,
    "the memories (batch_size * memory_size * word_size)": batch * slots * wordSize,
    "the read weights (batch_size * num_read_heads * num_write_heads * memory_size)":
      batch * readHeads * writeHeads * slots,
    "the controller's weights": (bits + 2 + readSize + 2 * hiddenSize) * 4 * hiddenSize,
    "the weights of the read keys": width * readSize,
    "the weights of the write vectors": width * writeHeads * wordSize,
    "the observations of a batch": steps * batch * (bits + 2),
  };
  for (const [what, size] of Object.entries(tensors)) {
    if (size <= MAX_TENSOR_SIZE) continue;
    const sizes = `at most ${MAX_TENSOR_SIZE} numbers, got ${size.toPrecision(3)}`;
    throw new UsageError(`too large: ${what} would be a single tensor; expected ${sizes}`);
  }
  const needed = steps * LINKS_A_STEP * batch * writeHeads * slots ** 2 * Float32Array.BYTES_PER_ELEMENT;
  if (needed > memory) {
    const links = `the link matrices of ${steps} steps (batch_size * num_write_heads * memory_size^2 each)`;
    throw new UsageError(
      `too large: ${links} need ${gibibytes(needed)}; expected at most the machine's ${gibibytes(memory)}`,
    );
  }
}

/** Steps of the longest batch that the task can draw. */
export function longestBatch({ task, max_length: length, max_repeats: repeats }: Settings): number {
  return task === "repeat-copy" ? length * (repeats + 1) + 3 : 2 * length + 2;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
