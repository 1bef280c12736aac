import type { TrainableCore } from "../engine/core.js";

/** The dimensions of a sequence that runs as one op. There is one write head. */
export type SequenceSizes = {
  readonly time: number;
  readonly batch: number;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly hiddenSize: number;
  readonly slots: number;
  readonly wordSize: number;
  readonly readHeads: number;
  /** Prepared of cells and logits; 0: none. */
  readonly clipValue: number;
};

export function sequenceSizes({ config }: TrainableCore, time: number, batch: number): SequenceSizes {
  const { inputSize, outputSize, hiddenSize, memorySize, wordSize, readHeads, clipValue } = config;
  const network = { inputSize, outputSize, hiddenSize, slots: memorySize, wordSize, readHeads };
  return { time, batch, ...network, clipValue: clipValue ?? 0 };
}
