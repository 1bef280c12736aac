import type { Dnc, LstmNetwork } from "@dnc/core";
import type { Batch } from "@dnc/tasks";

/** Most numbers that the memory and its links may have over a sequence: a trace holds them all. */
const MAX_NUMBERS = 2 ** 27;

/**
 * Checks that a sequence is not too long for the memory of a network.
 *
 * @throws RangeError with a sentence for people.
 */
export function checkSize({ config }: Dnc | LstmNetwork, { timeSteps, batchSize }: Batch): void {
  const { memory, memorySize, wordSize, writeHeads, hiddenSize = 1 } = config;
  const links = memory !== false && memory.links ? memorySize ** 2 * writeHeads : 0;
  const numbers = timeSteps * batchSize * Math.max(hiddenSize, memory === false ? 1 : memorySize * wordSize + links);
  if (numbers <= MAX_NUMBERS) return;
  throw new RangeError(
    `Expected a shorter sequence or a smaller memory: over ${timeSteps} time steps it would be ${numbers.toPrecision(3)} numbers.`,
  );
}
