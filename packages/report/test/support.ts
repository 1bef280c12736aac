import type { TraceData } from "../src/index.js";

/** Sizes of the network and the sequence of `traceOf`. */
export const SIZES = { timeSteps: 5, batchSize: 2, slots: 6, wordSize: 4, inputSize: 3, targetSize: 2 } as const;

/**
 * Creates a trace with the quantities and shapes of `serializeTrace` and `dnc trace`, and arbitrary numbers in their
 * ranges.
 */
export function traceOf({ readHeads = 1, writeHeads = 1 } = {}): TraceData {
  const { timeSteps, batchSize, slots, wordSize, inputSize, targetSize } = SIZES;
  const random = numbers(1);
  const shapes = {
    observations: [inputSize],
    target: [targetSize],
    mask: [],
    output: [targetSize],
    memory: [slots, wordSize],
    usage: [slots],
    allocationWeights: [writeHeads, slots],
    writeContentWeights: [writeHeads, slots],
    writeWeights: [writeHeads, slots],
    readWeights: [readHeads, slots],
    writeGate: [writeHeads],
    allocationGate: [writeHeads],
    freeGate: [readHeads],
    readMode: [readHeads, 2 * writeHeads + 1],
  };
  const quantities = Object.entries(shapes).map(([name, rest]) => {
    const shape = [timeSteps, batchSize, ...rest];
    const length = shape.reduce((product, size) => product * size, 1);
    const data = Array.from({ length }, () => (name === "memory" ? 2 * random() - 1 : random()));
    return [name, { shape, data }] as const;
  });
  return { quantities: Object.fromEntries(quantities) };
}

/** Creates a linear congruential generator of numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
