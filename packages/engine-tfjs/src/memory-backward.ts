/** The backward pass through the op's memory. */
import * as tf from "@tensorflow/tfjs-core";
import type { Constants } from "./constants.js";
import { splitHeads } from "./content.js";
import type { InterfaceGradients } from "./interface.js";
import { linkageBackward } from "./linkage.js";
import type { MemoryStep } from "./memory.js";
import { readBackward, readFactors } from "./reading.js";
import { stackSeries, unstackSeries } from "./series.js";
import type { SequenceSizes } from "./sizes.js";
import { usageFactors } from "./usage.js";
import { writeFactors, writeWeightingBackward, writtenBackward } from "./writing.js";

const STACKED = [
  "gates",
  "strengths",
  "keys",
  "inverseNorms",
  "scales",
  "unwritten",
  "filled",
  "retained",
  "retention",
  "free",
  "before",
  "fullBefore",
  "allocation",
  "difference",
  "mixed",
  "writeDivisors",
  "writeContent",
  "readDivisors",
  "readContent",
  "readMode",
  "choices",
  "previousMemory",
  "previousNorms",
  "previousReadWeights",
  "memory",
  "norms",
] as const;

/** Factors of the gradients of each step that depend only on the forward pass. */
export type MemoryFactors = {
  readonly usage: ReturnType<typeof usageFactors>;
  readonly write: ReturnType<typeof writeFactors>;
  readonly read: ReturnType<typeof readFactors>;
};

/** Computes the factors of all steps at once: the number of kernels does not grow with the sequence. */
export function memoryFactors(
  steps: readonly MemoryStep[],
  constants: Constants,
  sizes: SequenceSizes,
): MemoryFactors[] {
  const { time, batch, wordSize, readHeads } = sizes;
  const series = stackSeries(steps, STACKED);
  const gates = tf.split(series.gates, [wordSize, 1, 1, readHeads], 3);
  const [eraseVectors, allocationGate, writeGate] = gates;
  const freeGate = tf.reshape(gates[3], [time, batch, readHeads, 1]);
  const byHead = (name: "keys" | "strengths" | "inverseNorms" | "scales") => splitHeads(series[name], readHeads, 2);
  const [keys, strengths] = [byHead("keys"), byHead("strengths")];
  const [inverseNorms, scales] = [byHead("inverseNorms"), byHead("scales")];
  const ofHead = (head: 0 | 1) => ({
    keys: keys[head],
    strengths: strengths[head],
    inverseNorms: inverseNorms[head],
    scales: scales[head],
  });
  const write = writeFactors(
    {
      ...series,
      ...ofHead(0),
      divisors: series.writeDivisors,
      weights: series.writeContent,
      memory: series.previousMemory,
      norms: series.previousNorms,
      eraseVectors,
      allocationGate,
      writeGate,
    },
    constants,
  );
  const read = readFactors({
    ...series,
    ...ofHead(1),
    divisors: series.readDivisors,
    weights: series.readContent,
  });
  const usage = usageFactors(series, freeGate, series.previousReadWeights);
  const [ofUsage, ofWrite, ofRead] = [unstackSeries(usage), unstackSeries(write), unstackSeries(read)];
  return ofUsage.map((factors, step) => ({ usage: factors, write: ofWrite[step], read: ofRead[step] }));
}

/** Gradients to the state of the memory; an array holds terms to which others are added later. */
export type MemoryGradients = {
  readonly dMemory: tf.Tensor[];
  readonly dReadWeights: tf.Tensor[];
  /** `[batch, slots, slots]`. */
  readonly dLink: tf.Tensor;
  readonly dPrecedence: tf.Tensor;
  /** `[batch, 1, slots]`. */
  readonly dUsage: tf.Tensor;
};

/**
 * Runs the backward pass of one step.
 *
 * @param dWords - `[batch, readHeads, wordSize]`, the complete gradient to the words read.
 * @param after - gradients to the state after the step, from the step after it.
 * @param dWriteWeights - gradient to the write weights of the final state; given for the last step only.
 * @returns the gradients to the interface parameters, and those to the state before the step, computed on demand.
 */
export function memoryBackward(
  dWords: tf.Tensor,
  after: MemoryGradients,
  step: MemoryStep,
  factors: MemoryFactors,
  constants: Constants,
  dWriteWeights: readonly tf.Tensor[] = [],
): { dParameters: InterfaceGradients; before: () => MemoryGradients } {
  const { write, usage } = factors;
  const read = readBackward(dWords, after.dReadWeights, step, factors.read, constants);
  const linked = linkageBackward([after.dLink, ...read.dLink], after.dPrecedence, step, constants);
  const dMemory = tf.addN([...after.dMemory, ...read.dMemory]);
  const written = writtenBackward(dMemory, { ...step, memory: step.previousMemory }, write);
  const d = tf.addN([...dWriteWeights, ...linked.dWriteWeights, ...written.dWriteWeights]);
  const address = writeWeightingBackward(d, write);
  const dUsage = tf.add(after.dUsage, address.dUsage);
  return {
    dParameters: {
      dWriteParameters: address.dParameters,
      dWriteVectors: written.dWriteVectors,
      dEraseVectors: written.dEraseVectors,
      dFreeGate: tf.matMul(dUsage, usage.toFree, false, true),
      dReadKeys: read.dKeys,
      dReadScalars: read.dScalars,
    },
    before: () => ({
      dMemory: [written.dMemory(), address.dMemory()],
      dReadWeights: [...read.dPreviousReadWeights(), tf.mul(dUsage, usage.toRead)],
      ...linked.dPrevious(),
      dUsage: tf.mul(dUsage, usage.toUsage),
    }),
  };
}
