/** Memories with random parameters in random states, as modules and as plain numbers. */
import * as tf from "@tensorflow/tfjs-core";
import { MemoryAccess, type MemoryAccessConfig } from "../src/index.js";
import { uniform } from "./numbers.js";
import type { ReferenceParameters, ReferenceState, Sizes } from "./reference.js";

/** Configuration of a memory with all sizes and complete variants. */
export type AccessConfig = Omit<MemoryAccessConfig, keyof Sizes> & Sizes;

/** Creates an access with random parameters, and a random state. */
export function randomAccess(config: AccessConfig, batch: number, seed: number) {
  const access = new MemoryAccess(config);
  const parameters = randomizeParameters(access, 100 * seed + 1);
  return { access, parameters, start: randomState(batch, config, 100 * seed + 31) };
}

/** Assigns one variable, named without its scope. */
export function setVariable(access: MemoryAccess, name: string, values: number[]): void {
  const found = access.variables.find((variable) => variable.name === `memory_access/${name}`);
  tf.tidy(() => found?.variable.assign(tf.tensor(values)));
}

/** Gives an access random parameters, biases included, large enough to move every gate, and returns them. */
function randomizeParameters(access: MemoryAccess, seed: number): ReferenceParameters {
  const parameters: ReferenceParameters = {};
  for (const [index, { name, variable }] of access.variables.entries()) {
    const [, layer, kind] = name.split("/") as [string, string, "w" | "b"];
    const values = uniform<number[]>(variable.shape, seed + index, -1, 1);
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    parameters[layer] = { ...parameters[layer], [kind]: values } as ReferenceParameters[string];
  }
  return parameters;
}

/** Creates a plausible random state. */
function randomState(batch: number, sizes: Sizes, seed: number): ReferenceState {
  const { memorySize: slots, wordSize, readHeads, writeHeads, links = true } = sizes;
  const link = links ? uniform<number[][][][]>([batch, writeHeads, slots, slots], seed, 0, 1 / slots) : [];
  for (const matrix of link.flat()) for (const [i, row] of matrix.entries()) row[i] = 0;
  return {
    memory: uniform([batch, slots, wordSize], seed + 1, -1, 1),
    readWeights: uniform([batch, readHeads, slots], seed + 2, 0, 1 / slots),
    writeWeights: uniform([batch, writeHeads, slots], seed + 3, 0, 1 / slots),
    linkage: { link, precedenceWeights: links ? uniform([batch, writeHeads, slots], seed + 4, 0, 1 / slots) : [] },
    usage: uniform([batch, slots], seed + 5, 0.05, 0.95),
  };
}
