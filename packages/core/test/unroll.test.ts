import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { RecurrentCell } from "../src/cell.js";
import { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { unroll } from "../src/unroll.js";
import { bitsOf, CONTROLLERS, normal, randomState, stepByHand, TINY, tensorsIn, tensorsLeftBy } from "./support.js";

describe("unroll", () => {
  it.each(CONTROLLERS)("equals a manual loop of steps, bit for bit: %s", (controller) => {
    const core = new Dnc({ ...TINY, controller, writeHeads: 2 });
    for (const [time, batch] of [
      [4, 3],
      [1, 3],
      [4, 1],
      [1, 1],
    ]) {
      const inputs = normal<tf.Rank.R3>([time, batch, 3], 1);
      const state = randomState(core, batch);
      const [byHand, unrolled] = [stepByHand(core, inputs, state), unroll(core, inputs, state)];
      expect(unrolled.outputs.shape).toEqual([time, batch, 2]);
      expect(bitsOf(unrolled)).toEqual(bitsOf(byHand));
    }
  });

  it("starts from the core's initial state by default", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([3, 2, 3], 1);
    expect(bitsOf(unroll(core, inputs))).toEqual(bitsOf(unroll(core, inputs, core.initialState(2))));
    expect(bitsOf(unroll(core, inputs))).not.toEqual(bitsOf(unroll(core, inputs, randomState(core, 2))));
  });

  it("continues from a final state as if it had never stopped", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([5, 2, 3], 1);
    const whole = unroll(core, inputs);
    const first = unroll(core, tf.slice(inputs, 0, 2));
    const second = unroll(core, tf.slice(inputs, 2, 3), first.finalState);
    expect(bitsOf([tf.concat([first.outputs, second.outputs])])).toEqual(bitsOf([whole.outputs]));
    expect(bitsOf(second.finalState)).toEqual(bitsOf(whole.finalState));
  });

  it("runs any core with the interface of a cell", () => {
    const { outputs, finalState } = unroll(runningSum(), tf.tensor3d([1, 2, 3, 4, 5, 6], [3, 1, 2]), {
      sum: tf.tensor2d([[10, 20]]),
      steps: { taken: tf.tensor2d([[0]]) },
    });
    expect(outputs.arraySync()).toEqual([[[11, 22]], [[14, 26]], [[19, 32]]]);
    expect(bitsOf(finalState)).toEqual([[19, 32], [3]]);
  });

  it.each([
    [{ inputs: tf.zeros([2, 3]) }, RangeError, "inputs: expected [time, batch, 3], got [2, 3]"],
    [{ inputs: tf.zeros([0, 2, 3]) }, RangeError, "inputs: expected [time, batch, 3], got [0, 2, 3]"],
    [{ inputs: tf.zeros([2, 0, 3]) }, RangeError, "inputs: expected [time, batch, 3], got [2, 0, 3]"],
    [{ inputs: tf.zeros([2, 2, 4]) }, RangeError, "inputs: expected [time, batch, 3], got [2, 2, 4]"],
    [{ inputs: [[[1]]] }, TypeError, "inputs: expected a tensor [time, batch, 3], got an array"],
    [{ batch: 3 }, RangeError, "state.readWords: expected [2, 2, 4], got [3, 2, 4]"],
    [{ state: 1 }, TypeError, "state: expected an object, got 1"],
  ] as [object, ErrorConstructor, string][])("refuses %o and leaves no tensors", (wrong, kind, message) => {
    const core = new Dnc(TINY);
    const { batch, inputs, state } = {
      batch: 2,
      inputs: tf.zeros([4, 2, 3]) as tf.Tensor3D,
      state: undefined,
      ...wrong,
    };
    const start = state ?? core.initialState(batch);
    expect(tensorsLeftBy(() => expect(() => unroll(core, inputs, start)).toThrow(new kind(message)))).toBe(0);
  });

  it.each([
    [{ tracing: true }, 'unknown option key "tracing"; expected one of trace, lengths, inputMask'],
    [{ trace: "yes" }, 'trace: expected true or false, got "yes"'],
    [true, "option: expected an object, got true"],
    [null, "option: expected an object, got null"],
  ])("refuses the options %j", (options, message) => {
    const inputs = tf.zeros([4, 2, 3]) as tf.Tensor3D;
    expect(() => unroll(new Dnc(TINY), inputs, undefined, options as never)).toThrow(new TypeError(message));
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [{}, "an object"],
  ])("refuses the core %j", (core, shown) => {
    const message = `core: expected a cell with initialState, step, got ${shown}`;
    expect(() => unroll(core as never, tf.zeros([4, 2, 3]) as tf.Tensor3D)).toThrow(new TypeError(message));
  });

  it("treats undefined as an absent option", () => {
    const inputs = tf.zeros([4, 2, 3]) as tf.Tensor3D;
    const options = { trace: undefined, tracing: undefined } as never;
    expect(unroll(new Dnc(TINY), inputs, undefined, options)).not.toHaveProperty("trace");
  });

  it("refuses a trace of a core without traces", () => {
    const inputs = tf.zeros([4, 2, 3]) as tf.Tensor3D;
    const message = "trace: expected a core that keeps traces, got one that does not";
    expect(
      tensorsLeftBy(() =>
        expect(() => unroll(runningSum(), inputs, undefined, { trace: true })).toThrow(new TypeError(message)),
      ),
    ).toBe(0);
  });
});

describe("unroll's memory", () => {
  it("consists of its results only, outside a gradient", () => {
    for (const controller of CONTROLLERS) {
      const core = new Dnc({ ...TINY, controller });
      const [inputs, state] = [normal<tf.Rank.R3>([4, 2, 3], 1), core.initialState(2)];
      const returned = 1 + tensorsIn(state).length;
      expect(tensorsLeftBy(() => unroll(core, inputs))).toBe(returned);
      expect(tensorsLeftBy(() => unroll(core, inputs, state))).toBe(returned);
      expect(tensorsLeftBy(() => tf.dispose(unroll(core, inputs, state)))).toBe(0);
    }
  });

  it("is freed by a gradient, step by step", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([4, 2, 3], 1);
    const train = () => {
      const { value, grads } = tf.variableGrads(() => tf.sum(unroll(core, inputs).outputs));
      tf.dispose([value, grads]);
    };
    for (let iteration = 0; iteration < 3; iteration++) expect(tensorsLeftBy(train)).toBe(0);
  });

  it("does not grow with time outside a gradient, except for the outputs", () => {
    const core = new Dnc(TINY);
    const seen: { tensors: number; bytes: number }[] = [];
    const watched: RecurrentCell<DncState, ReturnType<Dnc["prepareWeights"]>> = {
      variables: core.variables,
      initialState: (batch) => core.initialState(batch),
      prepareWeights: () => core.prepareWeights(),
      dispose: () => {},
      step: (...step) => {
        const { numTensors, numBytes } = tf.memory();
        seen.push({ tensors: numTensors, bytes: numBytes });
        return core.step(...step);
      },
    };
    unroll(watched, normal<tf.Rank.R3>([12, 2, 3], 1));
    const output = { tensors: 1, bytes: 2 * 2 * 4 };
    for (let time = 1; time < 12; time++) {
      expect(seen[time].tensors - seen[0].tensors).toBe(time * output.tensors);
      expect(seen[time].bytes - seen[0].bytes).toBe(time * output.bytes);
    }
  });

  it("keeps only what a cell traces, outside a gradient", () => {
    const core = new Dnc(TINY);
    const seen: number[] = [];
    const watched: RecurrentCell<DncState, ReturnType<Dnc["prepareWeights"]>> = {
      variables: core.variables,
      initialState: (batch) => core.initialState(batch),
      prepareWeights: () => core.prepareWeights(),
      dispose: () => {},
      step: (...given) => {
        seen.push(tf.memory().numTensors);
        const { trace, ...step } = core.step(...given);
        return { ...step, trace: { usage: trace?.usage as tf.Tensor } };
      },
    };
    const inputs = normal<tf.Rank.R3>([6, 2, 3], 1);
    const { trace } = unroll(watched, inputs, undefined, { trace: true });
    const whole = unroll(core, inputs, undefined, { trace: true }).trace;
    expect(bitsOf([trace.usage])).toEqual(bitsOf([whole.usage]));
    for (let time = 1; time < 6; time++) expect(seen[time] - seen[0]).toBe(2 * time - 1); // outputs, and usage before this step
  });

  it("leaves every state to the tape under a gradient", () => {
    const core = new Dnc(TINY);
    const states: DncState[] = [];
    const watched: RecurrentCell<DncState> = {
      variables: core.variables,
      initialState: (batch) => core.initialState(batch),
      dispose: () => {},
      step: (inputs, state) => {
        states.push(state);
        expect(tensorsIn(states).some((tensor) => tensor.isDisposed)).toBe(false);
        return core.step(inputs, state);
      },
    };
    tf.variableGrads(() => tf.sum(unroll(watched, normal<tf.Rank.R3>([4, 2, 3], 1)).outputs));
    expect(states.length).toBe(4);
  });

  it("frees the tensors that steps of another core leave behind, during the sequence", () => {
    const seen: number[] = [];
    const cell = runningSum(() => {
      seen.push(tf.memory().numTensors);
      tf.zeros([1]);
    });
    unroll(cell, normal<tf.Rank.R3>([8, 2, 3], 1));
    for (let time = 1; time < 8; time++) expect(seen[time] - seen[0]).toBe(time - 1);
  });

  it("does not dispose the caller's inputs and state", () => {
    const core = new Dnc(TINY);
    for (const time of [1, 3]) {
      const [inputs, state] = [normal<tf.Rank.R3>([time, 2, 3], 1), randomState(core, 2)];
      const before = bitsOf([inputs, state]);
      tf.dispose(unroll(core, inputs, state));
      expect(bitsOf([inputs, state])).toEqual(before);
    }
  });

  it("keeps state tensors that a core returns as output or unchanged", () => {
    const carrying: RecurrentCell<{ first: tf.Tensor2D; last: tf.Tensor2D }> = {
      variables: [],
      initialState: (batch) => ({ first: tf.ones([batch, 1]), last: tf.zeros([batch, 1]) }),
      step: (inputs, { first, last }) => ({ output: last, state: { first, last: inputs } }),
      dispose: () => {},
    };
    const inputs = tf.tensor3d([1, 2, 3, 4], [4, 1, 1]);
    const state = { first: tf.tensor2d([[7]]), last: tf.tensor2d([[8]]) };
    const { outputs, finalState } = unroll(carrying, inputs, state);
    expect(bitsOf([outputs])).toEqual([[8, 1, 2, 3]]);
    expect(bitsOf(finalState)).toEqual([[7], [4]]);
    expect(bitsOf(state)).toEqual([[7], [8]]);
    expect(bitsOf(unroll(carrying, inputs))).toEqual([[0, 1, 2, 3], [1], [4]]);
  });

  it("prepares the weights once per sequence", () => {
    const core = new Dnc(TINY);
    let prepared = 0;
    const counted = Object.create(core, {
      prepareWeights: {
        value: () => {
          prepared++;
          return core.prepareWeights();
        },
      },
      initialState: { value: (batch: number) => core.initialState(batch) },
      step: { value: (...step: Parameters<Dnc["step"]>) => core.step(...step) },
    }) as Dnc;
    unroll(counted, normal<tf.Rank.R3>([4, 2, 3], 1));
    expect(prepared).toBe(1);
  });
});

/** Creates a core that is not a DNC: output and state are the sum of all inputs. */
function runningSum(onStep = () => {}): RecurrentCell<{ sum: tf.Tensor2D; steps: { taken: tf.Tensor2D } }> {
  return {
    variables: [],
    initialState: (batch) => ({ sum: tf.zeros([batch, 3]), steps: { taken: tf.zeros([1, 1]) } }),
    step: (inputs, { sum, steps }) => {
      onStep();
      const next = tf.add(sum, inputs) as tf.Tensor2D;
      return { output: next, state: { sum: next, steps: { taken: tf.add(steps.taken, 1) } } };
    },
    dispose: () => {},
  };
}
