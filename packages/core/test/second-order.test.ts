/** Tests that a gradient of a gradient is refused on every path: hand-written gradients are of first order only. */
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import { unroll } from "../src/unroll.js";
import { CONTROLLERS, normal, TINY } from "./support.js";

const MESSAGE = "gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have";
const CORES = [...CONTROLLERS.map((controller) => ({ controller })), { writeHeads: 2 }, { clipValue: 0 }];

describe("a gradient of a gradient", () => {
  it.each(CORES)("to inputs or parameters is an error, not a wrong number: %j", (config) => {
    const core = new Dnc({ ...TINY, ...config });
    const [{ variable }] = core.variables;
    const slope = tf.grad((inputs) => tf.sum(unroll(core, inputs as tf.Tensor3D).outputs));
    const penalty = (inputs: tf.Tensor) => tf.sum(tf.square(slope(inputs))) as tf.Scalar;
    const inputs = normal([3, 1, 3], 1);
    expect(() => tf.grad(penalty)(inputs)).toThrow(MESSAGE);
    expect(() => tf.variableGrads(() => penalty(inputs), [variable])).toThrow(MESSAGE);
  });

  it("is not needed if an inner gradient is a constant", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([3, 1, 3], 1);
    const expected = tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D).outputs))(inputs);
    const scale = tf.scalar(2);
    const toScale = tf.grad((by) => {
      const slope = tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D).outputs))(inputs);
      return tf.sum(tf.mul(by, slope));
    })(scale);
    expect(toScale).toBeAllClose(tf.sum(expected));
  });
});
