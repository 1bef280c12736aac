import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { InterfaceParameters } from "../src/index.js";
import { writeMemory, writeWeighting } from "../src/write.js";

describe("writeWeighting", () => {
  it.each([
    ["nowhere when the write gate is closed", 0, 1, [0, 0, 0]],
    ["to the free slot when the allocation gate is open", 1, 1, [0, 1, 0]],
    ["where the content matches when the allocation gate is closed", 1, 0, [0, 0, 1]],
    ["half and half in between", 0.5, 0.5, [0, 0.25, 0.25]],
  ])("writes %s", (_name, writeGate, allocationGate, expected) => {
    const memory = tf.tensor3d([
      [
        [1, 0],
        [0, 0],
        [0, 1],
      ],
    ]);
    const parameters = {
      writeGate: tf.tensor2d([[writeGate]]),
      allocationGate: tf.tensor2d([[allocationGate]]),
      writeKeys: tf.tensor3d([[[0, 2]]]),
      writeStrengths: tf.tensor2d([[100]]),
    } as unknown as InterfaceParameters;
    const { writeWeights } = writeWeighting(parameters, memory, tf.tensor2d([[1, 0, 1]]));
    expect(writeWeights).toBeAllClose(tf.tensor3d([[expected]]), { absolute: 1e-5 });
  });
});

describe("writeWeighting with masks", () => {
  it("compares only the unmasked components of keys and words", () => {
    const parameters = {
      writeGate: tf.tensor2d([[1]]),
      allocationGate: tf.tensor2d([[0]]),
      writeKeys: tf.tensor3d([[[1, 1]]]),
      writeStrengths: tf.tensor2d([[100]]),
      writeMasks: tf.tensor3d([[[0, 1]]]),
    };
    const [memory, usage] = [
      tf.tensor3d([
        [
          [1, 0],
          [-1, 1],
        ],
      ]),
      tf.ones<tf.Rank.R2>([1, 2]),
    ];
    expect(writeWeighting(parameters, memory, usage).writeWeights).toBeAllClose([0, 1], { absolute: 1e-5 });
    const all = writeWeighting(parameters, memory, usage, { maskMinimum: 1 - 1e-7 }).writeWeights;
    expect(all).toBeAllClose([1, 0], { absolute: 1e-5 });
  });
});

describe("writeMemory", () => {
  it("erases with a retention what slots held before, not what is added", () => {
    const parameters = { eraseVectors: tf.tensor3d([[[0, 0.5]]]), writeVectors: tf.tensor3d([[[10, 20]]]) };
    const retention = tf.tensor2d([[1, 0.5, 0]]);
    const memory = writeMemory(tf.fill([1, 3, 2], 4), tf.tensor3d([[[0, 1, 1]]]), parameters, { retention });
    expect(memory).toBeAllClose(
      tf.tensor3d([
        [
          [4, 4],
          [2 + 10, 1 + 20],
          [10, 20],
        ],
      ]),
    );
  });

  it("lets every head erase before any adds", () => {
    const parameters = {
      eraseVectors: tf.tensor3d([
        [
          [1, 0],
          [0.5, 0.5],
        ],
      ]),
      writeVectors: tf.tensor3d([
        [
          [10, 20],
          [-1, 1],
        ],
      ]),
    } as unknown as InterfaceParameters;
    const weights = tf.tensor3d([
      [
        [1, 0],
        [1, 0.5],
      ],
    ]);
    const memory = writeMemory(tf.fill([1, 2, 2], 4), weights, parameters);
    expect(memory).toBeAllClose(
      tf.tensor3d([
        [
          [0 + 9, 2 + 21],
          [3 - 0.5, 3 + 0.5],
        ],
      ]),
    );
  });
});
