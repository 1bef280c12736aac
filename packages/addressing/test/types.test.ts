/** Tests that integers and booleans are converted to float32. */
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import * as addressing from "../src/index.js";

const indices = tf.tensor2d([[1, 0]], [1, 2], "int32");

/** Zeros and ones. */
const zerosAndOnes = (shape: number[], seed: number) =>
  tf.cast(tf.greater(tf.randomUniform(shape, 0, 1, "float32", seed), 0.5), "float32");

type Case = [name: string, compute: (...tensors: never[]) => tf.TensorContainer, shapes: number[][]];

const cases: Case[] = [
  ["allocationWeights", addressing.allocationWeights, [[2, 5]]],
  [
    "writeAllocationWeights",
    addressing.writeAllocationWeights,
    [
      [2, 5],
      [2, 3],
    ],
  ],
  [
    "contentWeights",
    addressing.contentWeights,
    [
      [2, 5, 4],
      [2, 3, 4],
      [2, 3],
    ],
  ],
  [
    "weightedSoftmax",
    addressing.weightedSoftmax,
    [
      [2, 3, 5],
      [2, 3],
    ],
  ],
  [
    "forwardReadWeights",
    addressing.forwardReadWeights,
    [
      [2, 2, 5, 5],
      [2, 3, 5],
    ],
  ],
  [
    "backwardReadWeights",
    addressing.backwardReadWeights,
    [
      [2, 2, 5, 5],
      [2, 3, 5],
    ],
  ],
  [
    "updateUsage",
    addressing.updateUsage,
    [
      [2, 5],
      [2, 2, 5],
      [2, 3],
      [2, 3, 5],
    ],
  ],
  ["reduceProduct", (x: tf.Tensor) => addressing.reduceProduct(x, 1), [[2, 3, 4]]],
  ["reduceProduct of one", (x: tf.Tensor) => addressing.reduceProduct(x, 1), [[2, 1, 4]]],
  [
    "updateLinkage",
    (link: tf.Tensor4D, precedenceWeights: tf.Tensor3D, write: tf.Tensor3D) =>
      addressing.updateLinkage({ link, precedenceWeights }, write),
    [
      [2, 2, 5, 5],
      [2, 2, 5],
      [2, 2, 5],
    ],
  ],
  ["batchGather", (x: tf.Tensor2D) => addressing.batchGather(x, indices), [[1, 5]]],
];

describe.each(cases)("%s", (_name, compute, shapes) => {
  const run = (tensors: tf.Tensor[]) =>
    tf.tensor_util
      .getTensorsInContainer(compute(...(tensors as never[])))
      .map((tensor) => [tensor.dtype, ...tensor.dataSync()]);
  const inputs = () => shapes.map((shape, index) => zerosAndOnes(shape, index + 1));

  it.each(["int32", "bool"] as const)(
    "gives the same numbers for %s in any argument, and leaves no extra tensors",
    (type) => {
      const expected = run(inputs());
      for (const index of [...shapes.keys(), undefined]) {
        const given = inputs().map((tensor, at) =>
          index === undefined || index === at ? tf.cast(tensor, type) : tensor,
        );
        const before = tf.memory().numTensors;
        expect(run(given)).toEqual(expected);
        expect(tf.memory().numTensors).toBe(before + expected.length);
      }
    },
  );

  it("refuses complex numbers and strings", () => {
    for (const index of shapes.keys()) {
      for (const other of [tf.complex(inputs()[index], inputs()[index]), tf.fill(shapes[index], "1", "string")])
        expect(() => compute(...(inputs().with(index, other) as never[]))).toThrow(TypeError);
    }
  });
});
