/** One step of the memory: usage, writing, linkage, reading, as in `MemoryAccess` of @dnc/access. */
import type { UnrollState } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { allocate } from "./allocation.js";
import type { Constants } from "./constants.js";
import { contentWeighting, scaleKeys, wordNorms } from "./content.js";
import type { InterfaceParameters } from "./interface.js";
import { updateLinkage } from "./linkage.js";
import { readWeighting } from "./reading.js";
import type { SequenceSizes } from "./sizes.js";
import { updateUsage } from "./usage.js";
import { writeMemory, writeWeighting } from "./writing.js";

/** State of the memory, in the shapes that a step uses. */
export type MemoryState = {
  readonly memory: tf.Tensor;
  /** `[batch, 1, slots]`, norms of the memory's words. */
  readonly norms: tf.Tensor;
  readonly readWeights: tf.Tensor;
  /** `[batch, 1, slots]`. */
  readonly writeWeights: tf.Tensor;
  /** 1 - write weights. */
  readonly unwritten: tf.Tensor;
  /** `[batch, slots, slots]`. */
  readonly link: tf.Tensor;
  /** `[batch, 1, slots]`. */
  readonly precedence: tf.Tensor;
  /** `[batch, 1, slots]`. */
  readonly usage: tf.Tensor;
};

/** Converts the op's state to the shapes of a step. */
export function packMemoryState(
  { memory, readWeights, writeWeights, link, precedenceWeights, usage }: UnrollState<tf.Tensor>,
  constants: Constants,
) {
  const [batch, slots] = usage.shape as [number, number];
  return {
    memory,
    norms: wordNorms(memory, constants),
    readWeights,
    writeWeights,
    unwritten: tf.sub(1, writeWeights),
    link: tf.reshape(link, [batch, slots, slots]),
    precedence: precedenceWeights,
    usage: tf.reshape(usage, [batch, 1, slots]),
  } satisfies MemoryState;
}

/** Inverts `packMemoryState`: returns the memory's part of the op's state. */
export function unpackMemoryState({ memory, readWeights, writeWeights, link, precedence, usage }: MemoryState) {
  const [batch, , slots] = usage.shape as [number, number, number];
  return {
    memory,
    readWeights,
    writeWeights,
    link: tf.reshape(link, [batch, 1, slots, slots]),
    precedenceWeights: precedence,
    usage: tf.reshape(usage, [batch, slots]),
  };
}

/**
 * Runs one step.
 *
 * @returns the next state, and the values of this step that the backward pass needs.
 */
export function advanceMemory(
  parameters: InterfaceParameters,
  state: MemoryState,
  constants: Constants,
  sizes: SequenceSizes,
) {
  const { freeGate, keys, strengths, readMode } = parameters;
  const { scaled, offsets, saved: scales } = scaleKeys(keys, strengths, sizes);
  const used = updateUsage(state.usage, state.unwritten, freeGate, state.readWeights);
  const writeContent = contentWeighting(scaled[0], offsets[0], state.memory, state.norms);
  const allocation = allocate(used.usage, constants);
  const address = writeWeighting(writeContent.weights, allocation.allocation, parameters);
  const { writeWeights } = address;
  const written = writeMemory(state.memory, writeWeights, parameters);
  const norms = wordNorms(written.memory, constants);
  const unwritten = tf.sub(1, writeWeights);
  const linked = updateLinkage(state.link, state.precedence, writeWeights, unwritten, constants);
  const readContent = contentWeighting(scaled[1], offsets[1], written.memory, norms);
  const read = readWeighting(linked.link, state.readWeights, readContent.weights, readMode);
  const next: MemoryState = {
    memory: written.memory,
    norms,
    readWeights: read.readWeights,
    writeWeights,
    unwritten,
    link: linked.link,
    precedence: linked.precedence,
    usage: used.usage,
  };
  const saved = {
    ...{
      gates: parameters.gates,
      strengths,
      readMode,
      keys,
      ...scales,
      writeVectors: parameters.writeVectors,
    },
    ...used.saved,
    ...allocation,
    ...address.saved,
    ...linked.saved,
    writeDivisors: writeContent.divisors,
    writeContent: writeContent.weights,
    readDivisors: readContent.divisors,
    readContent: readContent.weights,
    choices: read.choices,
    previousMemory: state.memory,
    previousNorms: state.norms,
    previousReadWeights: state.readWeights,
    wordRetention: written.wordRetention,
    memory: written.memory,
    norms,
    link: linked.link,
    readWeights: read.readWeights,
  };
  return { next, saved };
}

/** Values of one step that the backward pass needs. */
export type MemoryStep = ReturnType<typeof advanceMemory>["saved"];
