import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { InterfaceParameters } from "../src/index.js";
import { readWeighting } from "../src/read.js";

/** Slot 1 was written after slot 0 by the first head, slot 2 after slot 0 by the second. */
const LINKS = [
  [
    [0, 0, 0],
    [1, 0, 0],
    [0, 0, 0],
  ],
  [
    [0, 0, 0],
    [0, 0, 0],
    [1, 0, 0],
  ],
];

describe("readWeighting", () => {
  it.each([
    ["backwards along the first head's links", 0, 1, [1, 0, 0]],
    ["backwards along the second head's links", 1, 2, [1, 0, 0]],
    ["forwards along the first head's links", 2, 0, [0, 1, 0]],
    ["forwards along the second head's links", 3, 0, [0, 0, 1]],
    ["by content", 4, 0, [0, 0, 1]],
  ])("reads %s in mode %d", (_name, mode, from, expected) => {
    const memory = tf.tensor3d([
      [
        [1, 0],
        [0, -1],
        [0, 1],
      ],
    ]);
    const parameters = {
      readMode: tf.oneHot(tf.tensor2d([[mode]], [1, 1], "int32"), 5, 1, 0, "float32"),
      readKeys: tf.tensor3d([[[0, 2]]]),
      readStrengths: tf.tensor2d([[100]]),
    } as unknown as InterfaceParameters;
    const readBefore = tf.oneHot(tf.tensor2d([[from]], [1, 1], "int32"), 3, 1, 0, "float32") as tf.Tensor3D;
    const { readWeights } = readWeighting(parameters, memory, tf.tensor4d([LINKS]), readBefore);
    expect(readWeights).toBeAllClose(tf.tensor3d([[expected]]));
  });

  it("is the content weighting without read modes, whatever the links and earlier reads", () => {
    const memory = tf.tensor3d([
      [
        [1, 0],
        [0, 1],
      ],
    ]);
    const parameters = { readKeys: tf.tensor3d([[[0, 2]]]), readStrengths: tf.tensor2d([[1]]) };
    const nothing = [tf.zeros([1, 1, 0, 0]), tf.zeros([1, 1, 2])] as unknown as [tf.Tensor4D, tf.Tensor3D];
    const read = readWeighting(parameters, memory, ...nothing);
    expect(Object.keys(read)).toEqual(["readWeights", "contentWeights"]);
    expect(read.readWeights).not.toBe(read.contentWeights);
    expect(read.readWeights).toBeAllClose(read.contentWeights, { absolute: 0, relative: 0 });
  });

  it("compares only the unmasked components", () => {
    const memory = tf.tensor3d([
      [
        [1, 0],
        [-1, 1],
      ],
    ]);
    const parameters = {
      readKeys: tf.tensor3d([[[1, 1]]]),
      readStrengths: tf.tensor2d([[100]]),
      readMasks: tf.tensor3d([[[0, 1]]]),
    };
    const nothing = [tf.zeros([1, 1, 0, 0]), tf.zeros([1, 1, 2])] as unknown as [tf.Tensor4D, tf.Tensor3D];
    expect(readWeighting(parameters, memory, ...nothing).readWeights).toBeAllClose([0, 1]);
    // A minimum close to 1 leaves the masks no say.
    const all = readWeighting(parameters, memory, ...nothing, { maskMinimum: 1 - 1e-7 }).readWeights;
    expect(all).toBeAllClose([1, 0]);
  });

  it("sharpens forward and backward weights, each with its own power, before it mixes them", () => {
    const [memory, link] = [
      tf.zeros<tf.Rank.R3>([1, 3, 1]),
      tf.tensor4d([
        [
          [
            [0, 0.2, 0],
            [0.6, 0, 0],
            [0, 0, 0],
          ],
        ],
      ]),
    ];
    const before = tf.tensor3d([[[0.5, 0.5, 0]]]);
    const parameters = {
      readMode: tf.tensor3d([[[0.5, 0.5, 0]]]),
      readKeys: tf.tensor3d([[[1]]]),
      readStrengths: tf.tensor2d([[1]]),
      forwardSharpness: tf.tensor3d([[[1]]]),
      backwardSharpness: tf.tensor3d([[[2]]]),
    };
    const read = readWeighting(parameters, memory, link, before);
    // Forward: L r = [0.1, 0.3, 0]. Backward: L^T r = [0.3, 0.1, 0].
    expect(read.forwardWeights).toBeAllClose([0.25, 0.75, 0], { absolute: 1e-5 });
    expect(read.backwardWeights).toBeAllClose([0.9, 0.1, 0], { absolute: 1e-5 });
    expect(read.readWeights).toBeAllClose([0.575, 0.425, 0], { absolute: 1e-5 });
  });
});
