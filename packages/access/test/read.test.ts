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
});
