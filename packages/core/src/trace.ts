import type { AccessTrace } from "@dnc/access";
import { assertShape } from "@dnc/addressing";
import type * as tf from "@tensorflow/tfjs-core";
import { checkObject } from "./checks.js";

/**
 * What a DNC did over a sequence, time-major: every quantity of a step stacked to `[time, batch, ...]`.
 * Weights, gates, modes, vectors and keys are as applied; strengths are raw, softplus makes them positive.
 */
export type DncTrace = {
  readonly [Quantity in keyof typeof TRACE_DIMENSIONS]: TensorOfRank[(typeof TRACE_DIMENSIONS)[Quantity]["length"]];
};

type TensorOfRank = { 3: tf.Tensor3D; 4: tf.Tensor4D; 5: tf.Tensor5D };

/** The dimensions of each quantity of a trace, outermost first. */
export const TRACE_DIMENSIONS = {
  memory: ["time", "batch", "slots", "wordSize"],
  usage: ["time", "batch", "slots"],
  link: ["time", "batch", "writeHeads", "slots", "slots"],
  precedenceWeights: ["time", "batch", "writeHeads", "slots"],
  writeWeights: ["time", "batch", "writeHeads", "slots"],
  writeContentWeights: ["time", "batch", "writeHeads", "slots"],
  allocationWeights: ["time", "batch", "writeHeads", "slots"],
  writeGate: ["time", "batch", "writeHeads"],
  allocationGate: ["time", "batch", "writeHeads"],
  writeKeys: ["time", "batch", "writeHeads", "wordSize"],
  writeStrengths: ["time", "batch", "writeHeads"],
  writeVectors: ["time", "batch", "writeHeads", "wordSize"],
  eraseVectors: ["time", "batch", "writeHeads", "wordSize"],
  readWeights: ["time", "batch", "readHeads", "slots"],
  readContentWeights: ["time", "batch", "readHeads", "slots"],
  forwardWeights: ["time", "batch", "readHeads", "writeHeads", "slots"],
  backwardWeights: ["time", "batch", "readHeads", "writeHeads", "slots"],
  readMode: ["time", "batch", "readHeads", "modes"],
  readKeys: ["time", "batch", "readHeads", "wordSize"],
  readStrengths: ["time", "batch", "readHeads"],
  freeGate: ["time", "batch", "readHeads"],
  readWords: ["time", "batch", "readHeads", "wordSize"],
  controllerOutput: ["time", "batch", "controllerSize"],
} as const satisfies Record<keyof AccessTrace, readonly string[]> & Record<string, readonly string[]>;

/** A trace as plain data: it survives `JSON.stringify` and needs no TensorFlow.js to read. */
export interface TraceData {
  readonly format: "dnc-trace";
  readonly version: 1;
  /** By name; `data` is flat and row-major. */
  readonly quantities: {
    readonly [quantity: string]: {
      readonly dimensions: readonly string[];
      readonly shape: readonly number[];
      readonly data: readonly number[];
    };
  };
}

/**
 * Copies a trace out of its tensors, which stay the caller's.
 *
 * @param trace - of `unroll`, with all of its quantities.
 * @returns plain data, quantities in the order of `TRACE_DIMENSIONS`.
 * @throws TypeError (as a rejection) if `trace` is no object or a quantity no tensor; RangeError if its rank is not that
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
