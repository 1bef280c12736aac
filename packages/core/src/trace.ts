import type { AccessTrace } from "@dnc/access";
import { assertShape } from "@dnc/addressing";
import { checkObject } from "@dnc/addressing/checks";
import type * as tf from "@tensorflow/tfjs-core";

/**
 * What a DNC did over a sequence, time-major: every quantity of a step stacked to `[time, batch, ...]`.
 * Weights, gates, modes, vectors and keys are as applied; strengths are raw, softplus makes them positive.
 * The quantities, their dimensions and meaning: {@link TRACE_DIMENSIONS}.
 */
export type DncTrace = {
  readonly [Quantity in keyof typeof TRACE_DIMENSIONS]: (typeof TRACE_DIMENSIONS)[Quantity]["length"] extends 3
    ? tf.Tensor3D
    : (typeof TRACE_DIMENSIONS)[Quantity]["length"] extends 4
      ? tf.Tensor4D
      : tf.Tensor5D;
};

/** The dimensions of each quantity of a trace, outermost first. */
export const TRACE_DIMENSIONS = {
  /** What is written in each slot, after the write. */
  memory: ["time", "batch", "slots", "wordSize"],
  /** In [0, 1]: how much each slot is in use. */
  usage: ["time", "batch", "slots"],
  /** In [0, 1]: `link[i, j]` is how much slot i was written right after slot j. */
  link: ["time", "batch", "writeHeads", "slots", "slots"],
  /** Rows summing to at most 1: how much each slot was the last to be written. */
  precedenceWeights: ["time", "batch", "writeHeads", "slots"],
  /** Rows summing to at most 1: where each head wrote. */
  writeWeights: ["time", "batch", "writeHeads", "slots"],
  /** Distributions: how well each slot matched the write key. */
  writeContentWeights: ["time", "batch", "writeHeads", "slots"],
  /** Rows summing to at most 1: which slots were free to be written. */
  allocationWeights: ["time", "batch", "writeHeads", "slots"],
  /** In [0, 1]: whether a head wrote at all. */
  writeGate: ["time", "batch", "writeHeads"],
  /** In [0, 1]: 1 where a head wrote to a free slot, 0 where the content matched. */
  allocationGate: ["time", "batch", "writeHeads"],
  /** The content to write at. */
  writeKeys: ["time", "batch", "writeHeads", "wordSize"],
  /** Raw: how sharply content decided where to write. */
  writeStrengths: ["time", "batch", "writeHeads"],
  /** What was added. */
  writeVectors: ["time", "batch", "writeHeads", "wordSize"],
  /** In [0, 1]: what was erased. */
  eraseVectors: ["time", "batch", "writeHeads", "wordSize"],
  /** Rows summing to at most 1: where each head read. */
  readWeights: ["time", "batch", "readHeads", "slots"],
  /** Distributions: how well each slot matched the read key. */
  readContentWeights: ["time", "batch", "readHeads", "slots"],
  /** What a write head wrote after the slots that were read last. */
  forwardWeights: ["time", "batch", "readHeads", "writeHeads", "slots"],
  /** What a write head wrote before the slots that were read last. */
  backwardWeights: ["time", "batch", "readHeads", "writeHeads", "slots"],
  /** Distributions over backward (a write head each), forward (likewise) and content: how each head read. */
  readMode: ["time", "batch", "readHeads", "modes"],
  /** The content to read. */
  readKeys: ["time", "batch", "readHeads", "wordSize"],
  /** Raw: how sharply content decided what to read. */
  readStrengths: ["time", "batch", "readHeads"],
  /** In [0, 1]: whether what a head had read might be overwritten. */
  freeGate: ["time", "batch", "readHeads"],
  /** What each head read. */
  readWords: ["time", "batch", "readHeads", "wordSize"],
  /** What the controller said, clipped. */
  controllerOutput: ["time", "batch", "controllerSize"],
} as const satisfies Record<keyof AccessTrace, readonly string[]> & Record<string, readonly string[]>;

/** A trace as plain data: it survives `JSON.stringify` and needs no TensorFlow.js to read. */
export interface TraceData {
  /** What the object is; a reader of files checks it. */
  readonly format: "dnc-trace";
  /** Of the format; a later one may add quantities. */
  readonly version: 1;
  /** By name, in the order of {@link TRACE_DIMENSIONS}. */
  readonly quantities: {
    readonly [quantity: string]: {
      /** Names of the axes, outermost first, such as `time`, `batch`, `slots`. */
      readonly dimensions: readonly string[];
      /** Lengths of the axes, in the same order. */
      readonly shape: readonly number[];
      /** Flat and row-major, as many as the shape has. */
      readonly data: readonly number[];
    };
  };
}

/**
 * Copies a trace out of its tensors, which stay the caller's.
 *
 * @param trace - of `unroll`, with all of its quantities.
 * @returns plain data, quantities in the order of `TRACE_DIMENSIONS`.
 * @throws TypeError (as a rejection) if `trace` is not an object or a quantity not a tensor; RangeError if its rank is not that
 *   of `TRACE_DIMENSIONS` or a dimension is empty.
 */
export async function serializeTrace(trace: DncTrace): Promise<TraceData> {
  checkObject("trace", trace);
  for (const [name, dimensions] of Object.entries(TRACE_DIMENSIONS))
    assertShape(`trace.${name}`, trace[name as keyof DncTrace], dimensions);
  const entries = Object.entries(TRACE_DIMENSIONS).map(async ([name, dimensions]) => {
    const tensor = trace[name as keyof DncTrace];
    return [name, { dimensions, shape: tensor.shape, data: Array.from(await tensor.data()) }] as const;
  });
  return { format: "dnc-trace", version: 1, quantities: Object.fromEntries(await Promise.all(entries)) };
}
