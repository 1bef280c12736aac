/** Tests that integers and booleans are converted to float32 on every path. */
import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { DncCell } from "../src/layers/index.js";
import { mapNested } from "../src/state.js";
import { unroll } from "../src/unroll.js";
import { bitsOf, CONTROLLERS, randomState, TINY, tensorsIn } from "./support.js";

const TYPES = ["int32", "bool"] as const;
const CORES = [...CONTROLLERS.map((controller) => ({ controller })), { writeHeads: 2 }, { clipValue: 0.5 }];

const bits = () => tf.cast(tf.greater(tf.randomUniform([3, 2, 3], 0, 1, "float32", 1), 0.5), "float32") as tf.Tensor3D;

/** Creates a state of zeros and ones. */
function stateOfBits(core: Dnc, type: tf.DataType): DncState {
  return mapNested<tf.Tensor, tf.Tensor>(randomState(core, 2), (tensor) =>
    tf.cast(tf.greater(tensor, 0.4), type),
  ) as DncState;
}

describe.each(TYPES)("%s", (type) => {
  it.each(CORES)("inputs and states give the same numbers, to the bit: %j", (config) => {
    const core = new Dnc({ ...TINY, ...config });
    const inputs = bits();
    for (const trace of [false, true]) {
      const run = (x: tf.Tensor3D, state?: DncState) => bitsOf(unroll(core, x, state, { trace } as { trace: false }));
      expect(run(tf.cast(inputs, type))).toEqual(run(inputs));
      expect(run(inputs, stateOfBits(core, type))).toEqual(run(inputs, stateOfBits(core, "float32")));
    }
    const [now] = tf.unstack(inputs) as tf.Tensor2D[];
    const step = (x: tf.Tensor2D, as: tf.DataType) => bitsOf(core.step(x, stateOfBits(core, as)));
    expect(step(tf.cast(now, type), type)).toEqual(step(now, "float32"));
  });

  it.each(CORES)("inputs have the same gradients: %j", (config) => {
    const core = new Dnc({ ...TINY, ...config });
    const gradients = (inputs: tf.Tensor3D) => {
      const { value, grads } = tf.variableGrads(() => tf.sum(unroll(core, inputs).outputs) as tf.Scalar);
      const slope = tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D).outputs))(inputs);
      return bitsOf([value, slope, ...Object.values(grads)]);
    };
    expect(gradients(tf.cast(bits(), type))).toEqual(gradients(bits()));
  });

  it("inputs leave no tensors behind", () => {
    const core = new Dnc(TINY);
    const inputs = tf.cast(bits(), type);
    const before = tf.memory().numTensors;
    const { outputs, finalState } = unroll(core, inputs);
    expect(tf.memory().numTensors).toBe(before + tensorsIn([outputs, finalState]).length);
  });

  it("inputs of a layer give the same numbers", () => {
    const layer = layers.rnn({ cell: new DncCell({ outputSize: 2, memorySize: 5, wordSize: 4, hiddenSize: 6 }) });
    const inputs = tf.transpose(bits(), [1, 0, 2]);
    expect(bitsOf([layer.apply(tf.cast(inputs, type)) as tf.Tensor])).toEqual(
      bitsOf([layer.apply(inputs) as tf.Tensor]),
    );
  });
});

it.each(["complex64", "string"])("refuses %s", (type) => {
  const other =
    type === "string" ? tf.fill([3, 2, 3], "1", "string") : tf.complex(tf.ones([3, 2, 3]), tf.ones([3, 2, 3]));
  const core = new Dnc(TINY);
  expect(() => unroll(core, other as tf.Tensor3D)).toThrow(TypeError);
  const state = core.initialState(2);
  const now = tf.squeeze(tf.zeros([1, 2, 3]), [0]) as tf.Tensor2D;
  const memory =
    type === "string" ? tf.fill([2, 5, 4], "1", "string") : tf.complex(tf.ones([2, 5, 4]), tf.ones([2, 5, 4]));
  const wrong = { ...state, access: { ...state.access, memory: memory as tf.Tensor3D } };
  expect(() => core.step(now, wrong)).toThrow(TypeError);
  expect(() => unroll(core, tf.zeros([3, 2, 3]), wrong)).toThrow(TypeError);
});
