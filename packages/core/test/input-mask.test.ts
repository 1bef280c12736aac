import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { RecurrentCell } from "../src/cell.js";
import { Dnc } from "../src/dnc.js";
import type { StepSelection } from "../src/input-mask.js";
import { LstmNetwork } from "../src/lstm-network.js";
import { mapNested, type NestedState } from "../src/state.js";
import { unroll } from "../src/unroll.js";
import { gradientsOf, type Run } from "./gradients.js";
import { bitsOf, CONTROLLERS, normal, randomState, TINY, tensorsIn, tensorsLeftBy } from "./support.js";

const [TIME, BATCH] = [5, 4];
const LENGTHS = [5, 0, 2, 3];
const VARIANTS = { masking: true, deallocation: true, sharpness: true };
const maskOf = (lengths: readonly number[], time = TIME) =>
  tf.tensor2d(Array.from({ length: time }, (_, step) => lengths.map((length) => (step < length ? 1 : 0))));

/** Runs each sequence by itself to its length and puts the results together, with zeros after the ends. */
function runAlone<State extends NestedState>(
  core: RecurrentCell<State>,
  inputs: tf.Tensor3D,
  state: State,
  lengths: readonly number[] = LENGTHS,
) {
  const parts = lengths.map((length, index) => {
    const row = (tensor: tf.Tensor) => tf.slice(tensor, index, 1);
    const own = mapNested<tf.Tensor, tf.Tensor>(state, row) as State;
    if (length === 0) return { outputs: undefined, finalState: own };
    return unroll(core, tf.slice(inputs, [0, index], [length, 1]) as tf.Tensor3D, own);
  });
  const width = parts.find(({ outputs }) => outputs !== undefined)?.outputs?.shape[2] as number;
  const padded = parts.map(({ outputs }) => {
    const rest = tf.zeros<tf.Rank.R3>([inputs.shape[0] - (outputs?.shape[0] ?? 0), 1, width]);
    return outputs === undefined ? rest : tf.concat([outputs, rest]);
  });
  const states = parts.map(({ finalState }) => tensorsIn(finalState));
  let at = 0;
  const finalState = mapNested<tf.Tensor, tf.Tensor>(state, () => {
    const rows = states.map((tensors) => tensors[at]);
    at++;
    return tf.concat(rows);
  }) as State;
  return { outputs: tf.concat(padded, 1) as tf.Tensor3D, finalState };
}

function expectSame(actual: tf.TensorContainer, expected: tf.TensorContainer): void {
  const [a, b] = [tensorsIn(actual), tensorsIn(expected)];
  expect(a.length).toBe(b.length);
  for (const [index, tensor] of a.entries())
    expect(tensor, `tensor ${index}`).toBeAllClose(b[index], { absolute: 1e-5 });
}

/** A cell that is not a DNC: it carries sum and product of its inputs, at two depths. */
const custom: RecurrentCell<{ sum: tf.Tensor2D; deep: { product: tf.Tensor2D } }> = {
  variables: [],
  initialState: (batch) => ({ sum: tf.zeros([batch, 3]), deep: { product: tf.ones([batch, 3]) } }),
  step: (inputs, { sum, deep }) => {
    const next = {
      sum: tf.add(sum, inputs) as tf.Tensor2D,
      deep: { product: tf.mul(deep.product, inputs) as tf.Tensor2D },
    };
    return { output: tf.add(next.sum, next.deep.product) as tf.Tensor2D, state: next };
  },
  dispose: () => {},
};

describe("unroll with lengths", () => {
  it.each(CONTROLLERS)("runs each sequence as if it were alone, to its length: %s", (controller) => {
    const core = new Dnc({ ...TINY, controller, writeHeads: 2, memory: VARIANTS });
    const [inputs, state] = [normal<tf.Rank.R3>([TIME, BATCH, 3], 1), randomState(core, BATCH)];
    const run = unroll(core, inputs, state, { lengths: LENGTHS });
    expectSame(run, runAlone(core, inputs, state));
    const after = tf.mul(run.outputs, tf.sub(1, tf.expandDims(maskOf(LENGTHS), 2)));
    expect(
      bitsOf([after])
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    // A sequence of length zero ends in the state that it began in, to the bit.
    const second = (tensors: NestedState) => bitsOf(tensorsIn(tensors).map((tensor) => tf.gather(tensor, 1)));
    expect(second(run.finalState)).toEqual(second(state));
  });

  it("runs any cell: without links, without a memory, custom", () => {
    const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 2);
    const unlinked = new Dnc({ ...TINY, memory: { links: false } });
    const start = unlinked.initialState(BATCH);
    const run = unroll(unlinked, inputs, start, { lengths: LENGTHS });
    expect(run.finalState.access.linkage.link.shape).toEqual([BATCH, 1, 0, 0]);
    expectSame(run.outputs, runAlone(unlinked, inputs, start).outputs);
    for (const core of [new LstmNetwork({ inputSize: 3, outputSize: 2, layers: 2, hiddenSize: 4 }), custom]) {
      const cell = core as RecurrentCell<NestedState>;
      expectSame(
        unroll(cell, inputs, undefined, { lengths: LENGTHS }),
        runAlone(cell, inputs, cell.initialState(BATCH)),
      );
    }
  });

  it.each(["lstm", "gru"] as const)(
    "has the gradients of the sequences alone, to the initial state too: %s",
    (controller) => {
      const core = new Dnc({ ...TINY, controller, memory: VARIANTS });
      const [inputs, state] = [normal<tf.Rank.R3>([TIME, BATCH, 3], 3), randomState(core, BATCH)];
      const masked: Run = (cell, x, start) => unroll(cell, x, start, { lengths: LENGTHS });
      const [together, alone] = [masked, runAlone as Run].map((run) => gradientsOf(core, run, inputs, state));
      for (const [index, gradient] of together.entries())
        expect(gradient, `gradient ${index}`).toBeAllClose(alone[index], { absolute: 1e-4, relative: 1e-4 });
      const toInputs = together[core.variables.length];
      const skipped = tf.mul(toInputs, tf.sub(1, tf.expandDims(maskOf(LENGTHS), 2)));
      expect(
        bitsOf([skipped])
          .flat()
          .every((slope) => slope === 0),
      ).toBe(true);
    },
  );

  it("equals a run without lengths if all sequences are of full length, and accepts typed arrays", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 4);
    const plain = unroll(core, inputs);
    for (const lengths of [new Array(BATCH).fill(TIME), new Uint32Array(BATCH).fill(TIME)])
      expect(bitsOf(unroll(core, inputs, undefined, { lengths }))).toEqual(bitsOf(plain));
    const short = unroll(core, inputs, undefined, { lengths: Uint32Array.from(LENGTHS) });
    expect(bitsOf(short)).toEqual(bitsOf(unroll(core, inputs, undefined, { lengths: LENGTHS })));
  });

  it("continues from the final state", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 5);
    const whole = unroll(core, inputs, undefined, { lengths: LENGTHS });
    const first = unroll(core, tf.slice(inputs, 0, 2), undefined, { lengths: [2, 0, 2, 2] });
    const second = unroll(core, tf.slice(inputs, 2), first.finalState, { lengths: [3, 0, 0, 1] });
    expect(bitsOf([tf.concat([first.outputs, second.outputs])])).toEqual(bitsOf([whole.outputs]));
    expect(bitsOf(second.finalState)).toEqual(bitsOf(whole.finalState));
  });
});

describe("unroll with an input mask", () => {
  it("is the same as with lengths where the mask is 1 before them", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 1);
    const expected = bitsOf(unroll(core, inputs, undefined, { lengths: LENGTHS }));
    const inputMask = maskOf(LENGTHS);
    for (const mask of [inputMask, tf.cast(inputMask, "int32"), tf.cast(inputMask, "bool")])
      expect(bitsOf(unroll(core, inputs, undefined, { inputMask: mask })), mask.dtype).toEqual(expected);
    expect(inputMask.isDisposed).toBe(false);
  });

  it("skips steps in the middle of a sequence", () => {
    const core = new Dnc({ ...TINY, memory: VARIANTS });
    const inputs = normal<tf.Rank.R3>([4, 2, 3], 2);
    const inputMask = tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
    const { outputs, finalState } = unroll(core, inputs, undefined, { inputMask });
    const steps = [
      [0, 2],
      [1, 3],
    ].map((times, index) => {
      const rows = times.map((time) => tf.slice(inputs, [time, index], [1, 1]));
      return { times, index, run: unroll(core, tf.concat(rows) as tf.Tensor3D) };
    });
    for (const { times, index, run } of steps) {
      const own = times.map((time) => tf.slice(outputs, [time, index], [1, 1]));
      expect(tf.concat(own)).toBeAllClose(run.outputs);
      expectSame(
        tensorsIn(finalState).map((tensor) => tf.slice(tensor, index, 1)),
        tensorsIn(run.finalState),
      );
    }
    expect(bitsOf([tf.slice(outputs, [1, 0], [1, 1])])).toEqual([[0, 0]]);
  });

  it.each([
    ["Dnc", new Dnc({ ...TINY, memory: VARIANTS })],
    ["LstmNetwork", new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4 })],
    ["custom cell", custom],
  ] as [string, RecurrentCell<NestedState>][])(
    "lets nothing of a skipped input into loss, state or gradients: %s",
    (_name, core) => {
      const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 3);
      const mask = tf.expandDims(maskOf(LENGTHS), 2);
      const isRun = tf.broadcastTo(tf.notEqual(mask, 0), inputs.shape) as tf.Tensor3D;
      const variables = core.variables.map(({ variable }) => variable);
      const results = [0, Number.NaN, Number.POSITIVE_INFINITY, 1e30].map((filler) => {
        const filled = tf.variable(tf.where(isRun, inputs, tf.fill(inputs.shape, filler)));
        const { value, grads } = tf.variableGrads(() => {
          const { outputs, finalState } = unroll(core, filled as unknown as tf.Tensor3D, undefined, {
            lengths: LENGTHS,
          });
          return tf.addN([outputs, ...tensorsIn(finalState)].map((tensor) => tf.sum(tf.square(tensor)))) as tf.Scalar;
        }, [filled, ...variables]);
        return [bitsOf([value]), ...[filled, ...variables].map(({ name }) => bitsOf([grads[name]]))];
      });
      expect(results[0].flat(2).every(Number.isFinite)).toBe(true);
      for (const result of results.slice(1)) expect(result).toEqual(results[0]);
    },
  );

  it("has a gradient of zero to the mask, in every dtype that it may have", () => {
    const core = new Dnc(TINY);
    const [inputs, inputMask] = [normal<tf.Rank.R3>([3, 2, 3], 4), maskOf([3, 1], 3)];
    for (const dtype of ["float32", "int32"] as const) {
      const [toInputs, toMask] = tf.grads((x: tf.Tensor, mask: tf.Tensor) =>
        tf.sum(unroll(core, x as tf.Tensor3D, undefined, { inputMask: mask as tf.Tensor2D }).outputs),
      )([inputs, tf.cast(inputMask, dtype)]);
      expect(bitsOf([toMask])[0].every((slope) => slope === 0)).toBe(true);
      const expected = tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D, undefined, { lengths: [3, 1] }).outputs))(
        inputs,
      );
      expect(toInputs).toBeAllClose(expected, { absolute: 0, relative: 0 });
    }
  });

  it("traces zeros where a step is not run, and the state as it stays", () => {
    const core = new Dnc({ ...TINY, memory: VARIANTS });
    const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 5);
    const state = randomState(core, BATCH);
    const options = { lengths: LENGTHS, trace: true } as const;
    const { trace, outputs, finalState } = unroll(core, inputs, state, options);
    const plain = unroll(core, inputs, state, { lengths: LENGTHS });
    expect(bitsOf([outputs, finalState])).toEqual(bitsOf([plain.outputs, plain.finalState]));
    const last = (tensor: tf.Tensor | undefined) => tf.gather(tensor as tf.Tensor, TIME - 1);
    const { linkage, ...access } = finalState.access;
    const states = { ...access, ...linkage, readWords: finalState.readWords };
    for (const [name, tensor] of Object.entries(states))
      expect(bitsOf([last(trace[name as keyof typeof trace])]), name).toEqual(bitsOf([tensor]));
    for (const [name, tensor] of Object.entries(trace).filter(([quantity]) => !(quantity in states)))
      for (const [index, length] of LENGTHS.entries()) {
        const steps = tf.unstack(tf.gather(tensor as tf.Tensor, index, 1)).map((step) => bitsOf([step]).flat());
        for (const [time, values] of steps.entries())
          expect(
            values.every((value) => value === 0),
            `${name}, step ${time} of sequence ${index}`,
          ).toBe(time >= length);
      }
  });

  it("leaves only its results, with and without a gradient", () => {
    const core = new Dnc(TINY);
    const inputs = normal<tf.Rank.R3>([TIME, BATCH, 3], 6);
    const inputMask = maskOf(LENGTHS);
    for (const options of [{ lengths: LENGTHS }, { inputMask }]) {
      expect(tensorsLeftBy(() => unroll(core, inputs, undefined, options))).toBe(1 + 9);
      const train = () => {
        const { value, grads } = tf.variableGrads(() => tf.sum(unroll(core, inputs, undefined, options).outputs));
        tf.dispose([value, grads]);
      };
      expect(tensorsLeftBy(train)).toBe(0);
    }
  });
});

describe("unroll refuses", () => {
  it("to skip steps of a cell whose state has no row per sequence", () => {
    const counting: RecurrentCell<{ steps: tf.Tensor2D }> = {
      variables: [],
      initialState: () => ({ steps: tf.zeros([1, 1]) }),
      step: (inputs, { steps }) => ({ output: tf.clone(inputs), state: { steps: tf.add(steps, 1) } }),
      dispose: () => {},
    };
    const inputs = normal<tf.Rank.R3>([4, 2, 3], 1);
    const message = "step(): expected tensors [2, ...], one row per sequence, to skip steps, got [1, 1]";
    const run = () =>
      expect(() => unroll(counting, inputs, undefined, { lengths: [1, 2] })).toThrow(new RangeError(message));
    expect(tensorsLeftBy(run)).toBe(0);
  });

  it.each([
    [{ lengths: 3 }, TypeError, "lengths: expected an array, got 3"],
    [{ lengths: null }, TypeError, "lengths: expected an array, got null"],
    [{ lengths: [1] }, RangeError, "lengths: expected 2 integers, got 1"],
    [{ lengths: [1, 5] }, RangeError, "lengths[1]: expected an integer from 0 to 4, got 5"],
    [{ lengths: [-1, 1] }, RangeError, "lengths[0]: expected an integer from 0 to 4, got -1"],
    [{ lengths: [1, 1.5] }, RangeError, "lengths[1]: expected an integer from 0 to 4, got 1.5"],
    [{ lengths: [1, Number.NaN] }, RangeError, "lengths[1]: expected an integer from 0 to 4, got NaN"],
    [{ lengths: [1, "1"] }, TypeError, 'lengths[1]: expected an integer from 0 to 4, got "1"'],
    [{ inputMask: tf.ones([2, 4]) }, RangeError, "inputMask: expected [4, 2], got [2, 4]"],
    [{ inputMask: [[1]] }, TypeError, "inputMask: expected a tensor [4, 2], got an array"],
    [{ inputMask: tf.ones([4, 2]), lengths: [1, 1] }, TypeError, "inputMask: expected none beside lengths, got one"],
  ] as [object, ErrorConstructor, string][])("%o and leaves no tensors", (options, kind, message) => {
    const [core, inputs] = [new Dnc(TINY), normal<tf.Rank.R3>([4, 2, 3], 1)];
    const run = () =>
      expect(() => unroll(core, inputs, undefined, options as StepSelection)).toThrow(new kind(message));
    expect(tensorsLeftBy(run)).toBe(0);
  });
});
