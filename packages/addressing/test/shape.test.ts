import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { assertShape } from "../src/shape.js";

describe("assertShape", () => {
  it("accepts known sizes, and any positive size under a name", () => {
    expect(() => assertShape("x", tf.zeros([2, 3]), ["batch", 3])).not.toThrow();
    expect(() => assertShape("x", tf.scalar(1), [])).not.toThrow();
    expect(() => assertShape("x", tf.zeros([0, 3]), [0, 3])).not.toThrow();
  });

  it.each([
    [[3], "x: expected [batch, 3], got [3]"],
    [[2, 4], "x: expected [batch, 3], got [2, 4]"],
    [[0, 3], "x: expected [batch, 3], got [0, 3]"],
    [[2, 3, 1], "x: expected [batch, 3], got [2, 3, 1]"],
    [[], "x: expected [batch, 3], got []"],
  ])("rejects a tensor of shape %j", (shape, message) => {
    expect(() => assertShape("x", tf.zeros(shape), ["batch", 3])).toThrow(new RangeError(message));
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [3, "3"],
    ["usage", '"usage"'],
    [() => 1, "a function"],
    [[[1, 2, 3]], "an array"],
    [{ shape: [2, 3] }, "an object"],
  ])("rejects %j, which is not a tensor", (value, shown) => {
    expect(() => assertShape("x", value as never, ["batch", 3])).toThrow(
      new TypeError(`x: expected a tensor [batch, 3], got ${shown}`),
    );
  });

  it("rejects a tensor with strings and a disposed one", () => {
    const strings = tf.tensor([["a", "b", "c"]]);
    expect(() => assertShape("x", strings, ["batch", 3])).toThrow(
      new TypeError("x: expected a tensor of numbers [batch, 3], got strings"),
    );
    const gone = tf.zeros([2, 3]);
    gone.dispose();
    expect(() => assertShape("x", gone, ["batch", 3])).toThrow(
      new TypeError("x: expected a tensor [batch, 3], got one that is disposed"),
    );
  });
});
