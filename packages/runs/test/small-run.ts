/** A small run on copy, for the tests of what `train` records. */
import { Dnc } from "@dnc/core";
import { copy } from "@dnc/tasks";
import { RmsProp } from "@dnc/training";
import { onTestFinished } from "vitest";

/** The task of a small run. */
export const task = copy({ batchSize: 2, numBits: 2, maxLength: 2 });
/** What a run records of it. */
export const config = { task: "copy", num_bits: 2 };

/** Creates a small network with its optimizer, which are disposed after the test. */
export function createParts() {
  const sizes = { hiddenSize: 8, memorySize: 4, wordSize: 4, readHeads: 1 };
  const network = new Dnc({ inputSize: task.inputSize, outputSize: task.targetSize, ...sizes, seed: 1 });
  const optimizer = new RmsProp(network.variables, { learningRate: 0.01 });
  onTestFinished(() => {
    network.dispose();
    optimizer.dispose();
  });
  return { network, task, optimizer, reportInterval: 4, checkpointInterval: 3 };
}
