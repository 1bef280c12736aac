/** Conversions between tensors and nested numbers. */
import * as tf from "@tensorflow/tfjs-core";
import type { AccessState } from "../src/index.js";
import type { ReferenceState } from "./reference.js";

/** Numbers nested like a tensor. */
export type Nested = number | Nested[];

/** Creates random float32 numbers in [min, max) of that shape. */
export function uniform<Numbers extends Nested>(shape: number[], seed: number, min = 0, max = 1): Numbers {
  return tf.tidy(() => tf.randomUniform(shape, min, max, "float32", seed).arraySync() as Numbers);
}

/** Creates the tensors of a state. */
export function toTensors({ memory, readWeights, writeWeights, linkage, usage }: ReferenceState): AccessState {
  const [batch, writeHeads] = [writeWeights.length, writeWeights[0].length];
  const linked = linkage.link.length === 0 ? 0 : writeWeights[0][0].length;
  return {
    memory: tf.tensor3d(memory),
    readWeights: tf.tensor3d(readWeights),
    writeWeights: tf.tensor3d(writeWeights),
    linkage: {
      link: tf.tensor4d(linkage.link.flat(3), [batch, writeHeads, linked, linked]),
      precedenceWeights: tf.tensor3d(linkage.precedenceWeights.flat(2), [batch, writeHeads, linked]),
    },
    usage: tf.tensor2d(usage),
  };
}

/** Lists the fields of a state, including nested ones, in a fixed order. */
export function fieldsOf<Field>(state: {
  memory: Field;
  readWeights: Field;
  writeWeights: Field;
  linkage: { link: Field; precedenceWeights: Field };
  usage: Field;
}): Record<string, Field> {
  const { memory, readWeights, writeWeights, linkage, usage } = state;
  return { memory, readWeights, writeWeights, ...linkage, usage };
}

/** Computes central differences of a function by each number of `inputs`, nested like them. */
export function slopes(compute: () => number, inputs: Nested[], step = 1e-6): Nested[] {
  return inputs.map((input, index) => {
    if (typeof input !== "number") return slopes(compute, input, step);
    const at = (value: number) => {
      inputs[index] = value;
      return compute();
    };
    const slope = (at(input + step) - at(input - step)) / (2 * step);
    inputs[index] = input;
    return slope;
  });
}

/** Computes the dot product of equally nested numbers. */
export function dot(a: Nested, b: Nested): number {
  if (typeof a === "number" || typeof b === "number") return (a as number) * (b as number);
  return a.reduce<number>((sum, entry, index) => sum + dot(entry, b[index]), 0);
}
