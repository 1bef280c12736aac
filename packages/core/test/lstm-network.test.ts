import { createController } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { describeNetwork } from "../src/describe-network.js";
import { Dnc } from "../src/dnc.js";
import { LstmNetwork, type LstmNetworkConfig, type LstmNetworkState } from "../src/lstm-network.js";
import { unroll } from "../src/unroll.js";
import { bitsOf, normal, tensorsIn, tensorsLeftBy, variableOf } from "./support.js";

const SIZES = { inputSize: 3, outputSize: 2, hiddenSize: 4, seed: 1 };

describe("LstmNetwork", () => {
  it("computes its definition in plain numbers over several steps", () => {
    const network = new LstmNetwork(SIZES);
    randomize(network);
    const inputs = normal<tf.Rank.R3>([4, 2, 3], 1);
    const { outputs, finalState } = unroll(network, inputs);
    const expected = plain(network, inputs.arraySync());
    expect(outputs).toBeAllClose(tf.tensor3d(expected.outputs), { absolute: 1e-5 });
    expect(finalState.controller.hidden as tf.Tensor).toBeAllClose(tf.tensor2d(expected.hidden), { absolute: 1e-5 });
    expect(finalState.controller.cell as tf.Tensor).toBeAllClose(tf.tensor2d(expected.cell), { absolute: 1e-5 });
  });

  it.each([0.3, 0.05])("clips output, state and logits as a Dnc does: to %d", (clipValue) => {
    const network = new LstmNetwork({ ...SIZES, clipValue });
    randomize(network);
    const inputs = normal<tf.Rank.R3>([4, 2, 3], 2, 3);
    const { outputs, finalState } = unroll(network, inputs);
    const expected = plain(network, inputs.arraySync());
    expect(outputs).toBeAllClose(tf.tensor3d(expected.outputs), { absolute: 1e-5 });
    expect(finalState.controller.cell as tf.Tensor).toBeAllClose(tf.tensor2d(expected.cell), { absolute: 1e-5 });
    const largest = Math.max(...bitsOf([outputs, finalState]).flat().map(Math.abs));
    expect(largest).toBe(Math.fround(clipValue));
  });

  it.each([0, null])("clips nothing with clipValue %j", (clipValue) => {
    const network = new LstmNetwork({ ...SIZES, clipValue });
    variableOf(network, "lstm_network/output_linear/b").assign(tf.tensor1d([1e6, -1e6]));
    const { output } = network.step(tf.zeros([1, 3]), network.initialState(1));
    expect(output).toBeAllClose([1e6, -1e6]);
  });

  it.each([1, 3])("is the LSTM and a linear layer, with %d layers", (layers) => {
    const network = new LstmNetwork({ ...SIZES, layers });
    randomize(network);
    const type = layers === 1 ? "lstm" : "deep-lstm";
    const controller = createController(
      { type, inputSize: 3, hiddenSize: 4, ...(layers > 1 && { layers }) } as Parameters<typeof createController>[0],
      (name) => variableOf(network, `lstm_network/${name}`),
    );
    const inputs = tf.unstack(normal([3, 2, 3], 3)) as tf.Tensor2D[];
    let [state, own] = [network.initialState(2), controller.initialState(2)];
    for (const input of inputs) {
      const [step, alone] = [network.step(input, state), controller.step(input, own)];
      const weights = variableOf(network, "lstm_network/output_linear/w") as unknown as tf.Tensor2D;
      const logits = tf.add(tf.matMul(alone.output, weights), variableOf(network, "lstm_network/output_linear/b"));
      expect(step.output).toBeAllClose(logits);
      expect(bitsOf(step.state.controller)).toEqual(bitsOf(alone.state));
      [state, own] = [step.state, alone.state];
    }
    expect(network.config.controller).toBe(type);
  });

  it.each([
    ["one layer", {}],
    ["two layers", { layers: 2 }],
    ["clipping", { clipValue: 0.4 }],
  ])("has the gradients of central differences to parameters, inputs and state: %s", (_name, config) => {
    const network = new LstmNetwork({ ...SIZES, ...config });
    randomize(network);
    const start = network.initialState(2);
    const points = [
      ...network.variables.map(({ variable }) => variable),
      ...[
        normal<tf.Rank.R3>([3, 2, 3], 4),
        ...tensorsIn(start).map((tensor, index) => normal(tensor.shape as [number, number], 5 + index)),
      ].map((tensor) => tf.variable(tensor as tf.Tensor)),
    ];
    const [inputs, ...states] = points.slice(network.variables.length);
    const objective = () => {
      let at = 0;
      const fill = (state: object): object =>
        Object.fromEntries(
          Object.entries(state).map(([key, part]) => [key, part instanceof tf.Tensor ? states[at++] : fill(part)]),
        );
      const run = unroll(network, inputs as unknown as tf.Tensor3D, fill(start) as LstmNetworkState);
      const results = [run.outputs, ...tensorsIn(run.finalState)];
      return tf.addN(
        results.map((result, index) => tf.sum(tf.mul(result, normal(result.shape as [number], 50 + index)))),
      ) as tf.Scalar;
    };
    const { grads } = tf.variableGrads(objective, points);
    for (const [index, point] of points.entries()) {
      const direction = tf.tidy(() => {
        const random = normal(point.shape as [number], 100 + index);
        return tf.div(random, tf.norm(random));
      });
      const value = point.clone();
      const at = (distance: number) =>
        tf.tidy(() => {
          point.assign(tf.add(value, tf.mul(direction, distance)));
          return objective().dataSync()[0];
        });
      const slope = (distance: number) => (at(distance) - at(-distance)) / (2 * distance);
      const distance = "clipValue" in config ? 1e-3 : 0.02;
      const numeric = (4 * slope(distance) - slope(2 * distance)) / 3;
      point.assign(value);
      const analytic = tf.sum(tf.mul(grads[point.name], direction)).dataSync()[0];
      expect(analytic, `point ${index}`).toBeAllClose(numeric, {
        absolute: "clipValue" in config ? 3e-3 : 3e-4,
        relative: 2e-3,
      });
    }
  });

  it("has its variables under its name, LSTM first, with the initial values of a Dnc's of the same shapes", () => {
    const network = new LstmNetwork({ inputSize: 6, outputSize: 5 });
    expect(network.variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ["lstm_network/lstm/w_gates", [70, 256]],
      ["lstm_network/lstm/b_gates", [256]],
      ["lstm_network/output_linear/w", [64, 5]],
      ["lstm_network/output_linear/b", [5]],
    ]);
    expect(
      new LstmNetwork({ ...SIZES, layers: 2 }).variables.map(({ name, variable }) => [name, variable.shape]),
    ).toEqual([
      ["lstm_network/deep_lstm/layer_1/w_gates", [7, 16]],
      ["lstm_network/deep_lstm/layer_1/b_gates", [16]],
      ["lstm_network/deep_lstm/layer_2/w_gates", [11, 16]],
      ["lstm_network/deep_lstm/layer_2/b_gates", [16]],
      ["lstm_network/output_linear/w", [8, 2]],
      ["lstm_network/output_linear/b", [2]],
    ]);
    const dnc = new Dnc({ inputSize: 6, outputSize: 5 });
    const biases = (core: { variables: Dnc["variables"] }, name: string) => bitsOf([variableOf(core, name)])[0];
    const ratio = Math.sqrt(134 / 70); // the standard deviations differ by the number of rows
    expect(biases(network, "lstm_network/lstm/b_gates")).toBeAllClose(
      biases(dnc, "dnc/lstm/b_gates").map((value) => value * ratio),
    );
  });

  it("draws the same values from the same seed and others from another, no tensor twice", () => {
    const drawn = (seed?: number) =>
      new LstmNetwork({ ...SIZES, seed, layers: 2 }).variables
        .filter(({ name }) => name !== "lstm_network/output_linear/b")
        .map(({ variable }) => bitsOf([variable])[0]);
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn()).toEqual(drawn(0));
    const all = [...drawn(0), ...drawn(1), ...drawn(2 ** 31)].map(([first]) => first);
    expect(new Set(all).size).toBe(all.length);
  });

  it("lets the caller create the variables", () => {
    const made = new Map<string, tf.Variable>();
    const network = new LstmNetwork(SIZES, (name, initial) => {
      const variable = tf.tidy(() => tf.variable(initial()));
      made.set(name, variable);
      return variable;
    });
    expect([...made.keys()]).toEqual(network.variables.map(({ name }) => name));
    for (const { name, variable } of network.variables) expect(variable).toBe(made.get(name));
  });

  it("creates only what it returns, with a trace the controller's output, and disposes its variables once", () => {
    expect(
      tensorsLeftBy(() => {
        const network = new LstmNetwork({ ...SIZES, layers: 2 });
        network.dispose();
        network.dispose();
      }),
    ).toBe(0);
    const network = new LstmNetwork(SIZES);
    const [inputs, state] = [normal<tf.Rank.R2>([2, 3], 1), network.initialState(2)];
    expect(tensorsLeftBy(() => network.step(inputs, state))).toBe(3);
    const sequence = normal<tf.Rank.R3>([3, 2, 3], 1);
    const { trace, outputs } = unroll(network, sequence, undefined, { trace: true });
    expect(Object.keys(trace)).toEqual(["controllerOutput"]);
    expect(trace.controllerOutput.shape).toEqual([3, 2, 4]);
    expect(bitsOf([outputs])).toEqual(bitsOf([unroll(network, sequence).outputs]));
    expect(tensorsLeftBy(() => unroll(network, sequence))).toBe(3);
  });

  it("is described in a line", () => {
    const lines = [{}, { layers: 2, hiddenSize: 8 }].map((config) =>
      describeNetwork(new LstmNetwork({ inputSize: 6, outputSize: 5, ...config })),
    );
    expect(lines).toEqual([
      "lstm 64, no memory: 18501 parameters in 4 tensors",
      "deep-lstm 8 x 2 layers, no memory: 1301 parameters in 6 tensors",
    ]);
  });

  it("completes its configuration, in which there is no memory", () => {
    expect(new LstmNetwork({ inputSize: 6, outputSize: 5, seed: undefined }).config).toEqual({
      ...{ inputSize: 6, outputSize: 5, hiddenSize: 64, layers: 1, clipValue: 20, seed: 0, controller: "lstm" },
      ...{ memory: false, memorySize: 0, wordSize: 0, readHeads: 0, writeHeads: 0 },
    });
  });

  const clipMessage = "clipValue: expected a number of at least 0, or null, got";
  it.each([
    [undefined, TypeError, "config: expected an object, got undefined"],
    [{}, TypeError, "inputSize: expected a positive integer, got undefined"],
    [{ ...SIZES, outputSize: 0 }, RangeError, "outputSize: expected a positive integer, got 0"],
    [{ ...SIZES, hiddenSize: "8" }, TypeError, 'hiddenSize: expected a positive integer, got "8"'],
    [{ ...SIZES, layers: 0 }, RangeError, "layers: expected an integer from 1 to 32, got 0"],
    [{ ...SIZES, layers: 33 }, RangeError, "layers: expected an integer from 1 to 32, got 33"],
    [{ ...SIZES, clipValue: -1 }, RangeError, `${clipMessage} -1`],
    [{ ...SIZES, clipValue: "20" }, TypeError, `${clipMessage} "20"`],
    [{ ...SIZES, seed: -1 }, RangeError, "seed: expected an integer from 0 to 2147483648, got -1"],
    [
      { ...SIZES, memorySize: 16 },
      TypeError,
      'unknown config key "memorySize"; expected one of inputSize, outputSize, hiddenSize, layers, clipValue, seed',
    ],
  ] as [LstmNetworkConfig, ErrorConstructor, string][])(
    "says what is wrong with the config %j, before any variable exists",
    (config, kind, message) => {
      expect(tensorsLeftBy(() => expect(() => new LstmNetwork(config)).toThrow(new kind(message)))).toBe(0);
    },
  );

  it.each([
    [{ inputs: tf.zeros([2, 4]) }, RangeError, "inputs: expected [batch, 3], got [2, 4]"],
    [{ state: undefined }, TypeError, "state: expected an object, got undefined"],
    [{ state: {} }, TypeError, "state: expected an object, got undefined"],
    [{ options: { trace: 1 } }, TypeError, "trace: expected true or false, got 1"],
    [{ options: { prepared: {} } }, TypeError, 'unknown option key "prepared"; expected one of trace'],
  ] as [object, ErrorConstructor, string][])("refuses a step with %o and leaves no tensors", (wrong, kind, message) => {
    const network = new LstmNetwork(SIZES);
    const given = { inputs: tf.zeros([2, 3]), state: network.initialState(2), options: {}, ...wrong };
    const step = () => network.step(given.inputs as tf.Tensor2D, given.state, given.options);
    expect(tensorsLeftBy(() => expect(step).toThrow(new kind(message)))).toBe(0);
    expect(() => new LstmNetwork(SIZES, {} as never)).toThrow(
      new TypeError("createVariable: expected a function, got an object"),
    );
    expect(() => network.initialState(0)).toThrow(new RangeError("batchSize: expected a positive integer, got 0"));
  });
});

/** Gives every variable, biases included, values large enough to matter. */
function randomize(network: LstmNetwork): void {
  for (const [index, { variable }] of network.variables.entries())
    tf.tidy(() => variable.assign(normal(variable.shape as [number], 200 + index, 0.7)));
}

/** The definition, for one layer. */
function plain(network: LstmNetwork, inputs: number[][][]) {
  const values = (name: string) => variableOf(network, `lstm_network/${name}`).arraySync();
  const [gates, gateBiases] = [values("lstm/w_gates") as number[][], values("lstm/b_gates") as number[]];
  const [weights, biases] = [values("output_linear/w") as number[][], values("output_linear/b") as number[]];
  const { hiddenSize, clipValue } = network.config;
  const bound = clipValue || Number.POSITIVE_INFINITY;
  const clip = (x: number) => Math.max(-bound, Math.min(bound, x));
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const linear = (x: number[], w: number[][], b: number[]) =>
    b.map((bias, column) => x.reduce((sum, value, row) => sum + value * w[row][column], bias));
  let hidden = inputs[0].map(() => new Array<number>(hiddenSize).fill(0));
  let cell = hidden;
  const outputs = inputs.map((batch) => {
    const steps = batch.map((x, b) => {
      const raw = linear([...x, ...hidden[b]], gates, gateBiases);
      const gate = (block: number, unit: number) => raw[block * hiddenSize + unit];
      const unclipped = cell[b].map(
        (before, unit) => sigmoid(gate(2, unit) + 1) * before + sigmoid(gate(0, unit)) * Math.tanh(gate(1, unit)),
      );
      const h = unclipped.map((value, unit) => clip(sigmoid(gate(3, unit)) * Math.tanh(value)));
      return { h, c: unclipped.map(clip), y: linear(h, weights, biases).map(clip) };
    });
    [hidden, cell] = [steps.map(({ h }) => h), steps.map(({ c }) => c)];
    return steps.map(({ y }) => y);
  });
  return { outputs, hidden, cell };
}
