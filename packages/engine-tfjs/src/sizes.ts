import type { NetworkSizes } from "@dnc/core/engine";

/** The dimensions of a sequence and its network. There is one write head. */
export type SequenceSizes = {
  readonly time: number;
  readonly batch: number;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly hiddenSize: number;
  readonly slots: number;
  readonly wordSize: number;
  readonly readHeads: number;
  /** Bound to which cells and logits are clipped; 0 disables clipping. */
  readonly clipValue: number;
};

/**
 * Combines the sizes of a network and of a sequence.
 *
 * @param shape - shape of the inputs, `[time, batch, inputSize]`.
 */
export function sequenceSizes(network: NetworkSizes, [time, batch]: readonly number[]): SequenceSizes {
  const { inputSize, outputSize, hiddenSize, memorySize, wordSize, readHeads, clipValue } = network;
  return { time, batch, inputSize, outputSize, hiddenSize, slots: memorySize, wordSize, readHeads, clipValue };
}
