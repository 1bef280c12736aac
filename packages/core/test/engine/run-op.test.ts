import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerOp, runOp } from "../../src/engine/run-op.js";
import { tensorsLeftBy } from "../support.js";

/** Computes x^2 and 3 x y, and saves x + y only to test that it is disposed. */
function twoOutputs(x: tf.Tensor, y: tf.Tensor): tf.Tensor[] {
  return runOp([x, y], {
    forward: (keep) => {
      keep([tf.add(x, y)]);
      return [tf.square(x), tf.mul(3, tf.mul(x, y))];
    },
    backward: ([dSquare, dProduct]) => [
      () => tf.add(tf.mul(dSquare, tf.mul(2, x)), tf.mul(dProduct, tf.mul(3, y))),
      () => tf.mul(dProduct, tf.mul(3, x)),
    ],
  });
}

beforeAll(() => registerOp(["cpu"], "the owner"));
afterAll(() => tf.unregisterKernel("DncUnrollOps", "cpu"));

describe("runOp", () => {
  it("returns several outputs, and their gradients together", () => {
    const [x, y] = [tf.tensor1d([2, -1]), tf.tensor1d([5, 7])];
    const [square, product] = twoOutputs(x, y);
    expect(square).toBeAllClose([4, 1]);
    expect(product).toBeAllClose([30, -21]);
    const total = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.add(...(twoOutputs(a, b) as [tf.Tensor, tf.Tensor])));
    const [toX, toY] = tf.grads(total)([x, y]);
    expect(toX).toBeAllClose([4 + 15, -2 + 21]);
    expect(toY).toBeAllClose([6, -3]);
  });

  it("has a gradient if the objective depends on only one output", () => {
    const y = tf.scalar(1);
    const gradient = tf.grad((x) => tf.sum(twoOutputs(x, y)[0]))(tf.tensor1d([3]));
    expect(gradient).toBeAllClose([6]);
  });

  it("leaves only its outputs, with and without a tape", () => {
    const [x, y] = [tf.tensor1d([2]), tf.tensor1d([5])];
    expect(tensorsLeftBy(() => twoOutputs(x, y))).toBe(2);
    expect(tensorsLeftBy(() => tf.dispose(tf.grad((a) => tf.sum(twoOutputs(a, y)[1]))(x)))).toBe(0);
    const unused = (a: tf.Tensor) => {
      twoOutputs(a, y);
      return tf.sum(a);
    };
    expect(tensorsLeftBy(() => tf.dispose(tf.grad(unused)(x)))).toBe(0);
  });

  it("disposes what it saved when it fails", () => {
    const x = tf.scalar(1);
    const failing = () =>
      runOp([x], {
        forward: (keep) => {
          keep([tf.add(x, 1)]);
          throw new Error("no");
        },
        backward: () => [],
      });
    expect(tensorsLeftBy(() => expect(failing).toThrow("no"))).toBe(0);
    const differentiated = () => tf.grad((a) => tf.add(a, failing()[0]))(x);
    const before = tf.memory().numTensors;
    expect(differentiated).toThrow("no");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("can save more tensors than a call can have arguments", () => {
    const [x, y] = [tf.scalar(3), tf.scalar(1)];
    const square = (a: tf.Tensor) =>
      runOp([a], {
        forward: (keep) => {
          keep(new Array<tf.Tensor>(300_000).fill(tf.add(a, y)));
          return [tf.square(a), tf.clone(a)];
        },
        backward: ([d]) => [() => tf.mul(d, tf.mul(2, x))],
      })[0];
    expect(tf.grad(square)(x)).toBeAllClose(6);
  });

  it("is not reported as a leak under the flag IS_TEST", () => {
    const x = tf.tensor1d([3]);
    tf.env().set("IS_TEST", true);
    try {
      expect(tf.grad((a) => tf.sum(twoOutputs(a, a)[0]))(x)).toBeAllClose([6]);
      expect(tf.env().getBool("IS_TEST")).toBe(true);
    } finally {
      tf.env().set("IS_TEST", false);
    }
  });
});
