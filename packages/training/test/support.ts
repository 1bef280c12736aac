/** A small network on a small task, for tests. */
import { Dnc } from "@dnc/core";
import { repeatCopy, type Task } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs";
import { onTestFinished } from "vitest";
import { RmsProp } from "../src/rms-prop.js";

/** Repeat copy of two bits, two sequences in a batch. */
export const smallTask = repeatCopy({ batchSize: 2, numBits: 2 });

/** A network of a few hundred parameters, until the end of the test. */
export function smallNetwork(
  seed = 3,
  { inputSize, targetSize }: Pick<Task, "inputSize" | "targetSize"> = smallTask,
): Dnc {
  const sizes = { hiddenSize: 8, memorySize: 4, wordSize: 4, readHeads: 1 };
  const network = new Dnc({ inputSize, outputSize: targetSize, ...sizes, seed });
  onTestFinished(() => network.dispose());
  return network;
}

/** Creates an optimizer for a network, which is disposed after the test. */
export function optimizerOf(network: Dnc, learningRate = 0.01): RmsProp {
  const optimizer = new RmsProp(network.variables, { learningRate });
  onTestFinished(() => optimizer.dispose());
  return optimizer;
}

/** Reads the numbers of all variables. */
export const valuesOf = ({ variables }: Pick<Dnc | RmsProp, "variables">) =>
  variables.map(({ variable }) => Array.from(variable.dataSync()));

/** Central differences of a scalar function of tensors, with respect to each number of one of them. */
export function centralDifferences(
  value: (...given: tf.Tensor[]) => tf.Tensor,
  given: readonly tf.Tensor[],
  index: number,
  h = 1e-2,
): number[] {
  const numbers = given[index].dataSync();
  const at = (position: number, offset: number) =>
    tf.tidy(() => {
      const moved = numbers.slice();
      moved[position] += offset;
      const tensors = given.map((tensor, each) => (each === index ? tf.tensor(moved, tensor.shape) : tensor));
      return value(...tensors).dataSync()[0];
    });
  return Array.from(numbers, (_, position) => (at(position, h) - at(position, -h)) / (2 * h));
}
