import type { AccessTrace } from "@dnc/access";
import { assertShape } from "@dnc/addressing";
import { checkObject } from "@dnc/addressing/checks";
import type * as tf from "@tensorflow/tfjs-core";

/**
 * Trace of a DNC over a sequence: every quantity of a step, stacked time-major to `[time, batch, ...]`. Weights, gates,
 * modes, vectors and keys have the values that were applied; strengths are raw, before softplus. The quantities, their
 * dimensions and meaning: {@link TRACE_DIMENSIONS}.
 */
export type DncTrace = {
  readonly [Quantity in Exclude<TraceQuantity, OptionalTraceQuantity>]: TraceTensor<Quantity>;
} & { readonly [Quantity in OptionalTraceQuantity]?: TraceTensor<Quantity> | undefined };

/** The name of a quantity of a trace. */
export type TraceQuantity = keyof typeof TRACE_DIMENSIONS;

/** The quantities that some memories do not have: those of links, masks and sharpness. */
export type OptionalTraceQuantity =
  | "link"
  | "precedenceWeights"
  | "forwardWeights"
  | "backwardWeights"
  | "readMode"
  | "writeMasks"
  | "readMasks"
  | "forwardSharpness"
  | "backwardSharpness";

/**
 * The tensor of a quantity, of the rank that `TRACE_DIMENSIONS` says.
 *
 * @typeParam Quantity - the name of the quantity.
 */
export type TraceTensor<Quantity extends TraceQuantity> = (typeof TRACE_DIMENSIONS)[Quantity]["length"] extends 3
  ? tf.Tensor3D
  : (typeof TRACE_DIMENSIONS)[Quantity]["length"] extends 4
    ? tf.Tensor4D
    : tf.Tensor5D;

const OPTIONAL: { readonly [Quantity in OptionalTraceQuantity]: true } = {
  link: true,
  precedenceWeights: true,
  forwardWeights: true,
  backwardWeights: true,
  readMode: true,
  writeMasks: true,
  readMasks: true,
  forwardSharpness: true,
  backwardSharpness: true,
};

/** The dimensions of each quantity of a trace, outermost first. */
export const TRACE_DIMENSIONS = {
  /** Content of each slot, after the write. */
  memory: ["time", "batch", "slots", "wordSize"],
  /** In [0, 1]: how much each slot is in use. */
  usage: ["time", "batch", "slots"],
  /** In [0, 1]: `link[i, j]` is the degree to which slot i was written right after slot j. */
  link: ["time", "batch", "writeHeads", "slots", "slots"],
  /** Rows summing to at most 1: the degree to which each slot was the last one written. */
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
  /** Keys for content-based writing. */
  writeKeys: ["time", "batch", "writeHeads", "wordSize"],
  /** Raw: how sharply content decided where to write. */
  writeStrengths: ["time", "batch", "writeHeads"],
  /** Vectors added to memory. */
  writeVectors: ["time", "batch", "writeHeads", "wordSize"],
  /** In [0, 1]: the fraction of each component that was erased. */
  eraseVectors: ["time", "batch", "writeHeads", "wordSize"],
  /** Rows summing to at most 1: where each head read. */
  readWeights: ["time", "batch", "readHeads", "slots"],
  /** Distributions: how well each slot matched the read key. */
  readContentWeights: ["time", "batch", "readHeads", "slots"],
  /** The slots that a write head wrote just after those read in the step before. */
  forwardWeights: ["time", "batch", "readHeads", "writeHeads", "slots"],
  /** The slots that a write head wrote just before those read in the step before. */
  backwardWeights: ["time", "batch", "readHeads", "writeHeads", "slots"],
  /** Distributions over backward (one entry per write head), forward (likewise) and content: how each head read. */
  readMode: ["time", "batch", "readHeads", "modes"],
  /** Keys for content-based reading. */
  readKeys: ["time", "batch", "readHeads", "wordSize"],
  /** Raw: how sharply content decided what to read. */
  readStrengths: ["time", "batch", "readHeads"],
  /** In [0, 1], with masking: which components the write keys compared, before the minimum. */
  writeMasks: ["time", "batch", "writeHeads", "wordSize"],
  /** In [0, 1], with masking: which components the read keys compared, before the minimum. */
  readMasks: ["time", "batch", "readHeads", "wordSize"],
  /** At least 1, with sharpness: the power of the forward weights. */
  forwardSharpness: ["time", "batch", "readHeads", "writeHeads"],
  /** At least 1, with sharpness: the power of the backward weights. */
  backwardSharpness: ["time", "batch", "readHeads", "writeHeads"],
  /** In [0, 1]: 1 freed the slots that the head had read. */
  freeGate: ["time", "batch", "readHeads"],
  /** Words that each head read. */
  readWords: ["time", "batch", "readHeads", "wordSize"],
  /** Output of the controller, clipped. */
  controllerOutput: ["time", "batch", "controllerSize"],
} as const satisfies Record<keyof AccessTrace, readonly string[]> & Record<string, readonly string[]>;

/** A trace as plain data that can be converted to JSON and read without TensorFlow.js. */
export interface TraceData {
  /** Identifies the format. */
  readonly format: "dnc-trace";
  /** Version of the format; a later version may add quantities. */
  readonly version: 1;
  /** Quantities by name, in the order of {@link TRACE_DIMENSIONS}. */
  readonly quantities: {
    readonly [quantity: string]: {
      /** Names of the axes, outermost first, such as `time`, `batch`, `slots`. */
      readonly dimensions: readonly string[];
      /** Lengths of the axes, in the same order. */
      readonly shape: readonly number[];
      /** Values, flat and row-major. */
      readonly data: readonly number[];
    };
  };
}

/**
 * Copies a trace from its tensors, which still belong to the caller.
 *
 *     const core = new Dnc({ inputSize: 6, outputSize: 5 });
 *     const { trace } = unroll(core, tf.zeros([9, 16, 6]), undefined, { trace: true });
 *     const { quantities } = await serializeTrace(trace); // quantities.usage.shape is [9, 16, 16]
 *
 * @param trace - a trace from `unroll`, with all its quantities.
 * @returns plain data, with quantities in the order of `TRACE_DIMENSIONS`.
 * @throws TypeError (as a rejection) if `trace` is not an object or a quantity is not a tensor; RangeError if the rank
 *   of a quantity differs from `TRACE_DIMENSIONS` or a dimension is empty.
 */
export async function serializeTrace(trace: DncTrace): Promise<TraceData> {
  checkObject("trace", trace);
  const present = Object.entries(TRACE_DIMENSIONS).filter(
    ([name]) => !Object.hasOwn(OPTIONAL, name) || trace[name as TraceQuantity] !== undefined,
  );
  for (const [name, dimensions] of present)
    assertShape(`trace.${name}`, trace[name as TraceQuantity] as tf.Tensor, dimensions);
  const entries = present.map(async ([name, dimensions]) => {
    const tensor = trace[name as TraceQuantity] as tf.Tensor;
    return [name, { dimensions, shape: tensor.shape, data: Array.from(await tensor.data()) }] as const;
  });
  return { format: "dnc-trace", version: 1, quantities: Object.fromEntries(await Promise.all(entries)) };
}
