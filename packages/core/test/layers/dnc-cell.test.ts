import * as tf from "@tensorflow/tfjs";
import * as tfLayers from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";
import { DncCell, type DncCellConfig } from "../../src/layers/index.js";
import { flattenNested } from "../../src/state.js";
import { bitsOf, CONTROLLERS, tensorsLeftBy } from "../support.js";
import { CELL, sequenceModel, sequences, unrolled } from "./support.js";

describe("DncCell", () => {
  it("is an RNNCell of the union package and of tfjs-layers, which are the same, and registered with it", () => {
    const cell = new DncCell(CELL);
    expect(cell).toBeInstanceOf(tf.layers.RNNCell);
    expect(cell).toBeInstanceOf(tfLayers.layers.RNNCell);
    expect(cell.getClassName()).toBe("DncCell");
    expect(tf.serialization.SerializationMap.getMap().classNameMap.DncCell[0]).toBe(DncCell);
  });

  it("has the output as its first state, then those of the DNC", () => {
    // readWords, memory, readWeights, writeWeights, link, precedenceWeights, usage, hidden, cell
    expect(new DncCell(CELL).stateSize).toEqual([3, 2 * 4, 5 * 4, 2 * 5, 5, 5 * 5, 5, 5, 6, 6]);
    expect(new DncCell({ ...CELL, writeHeads: 2, controller: "feed-forward" }).stateSize).toEqual([
      3, 8, 20, 10, 10, 50, 10, 5,
    ]);
  });

  it("can be restored from its configuration, including defaults", () => {
    const config = {
      outputSize: 5,
      memorySize: 16,
      wordSize: 16,
      readHeads: 4,
      writeHeads: 1,
      hiddenSize: 64,
      layers: 1,
      clipValue: 20,
      controller: "lstm",
      memory: { masking: false, deallocation: false, sharpness: false, links: true, initialMemory: 0 },
      seed: 0,
    };
    const cell = new DncCell({ outputSize: 5 });
    expect(cell.getConfig()).toEqual({ ...config, name: cell.name, trainable: true });
    const given: DncCellConfig = {
      ...CELL,
      controller: "deep-lstm",
      layers: 2,
      clipValue: null,
      memory: { masking: { minimum: 0.5 }, deallocation: true, sharpness: true, links: true, initialMemory: 0 },
      name: "memory",
      trainable: false,
    };
    const again = DncCell.fromConfig(DncCell, new DncCell(given).getConfig());
    expect(again).toBeInstanceOf(DncCell);
    expect(again.getConfig()).toEqual({ ...new DncCell(given).getConfig(), ...given });
  });

  it.each([
    [{}, TypeError, "outputSize: expected a positive integer, got undefined"],
    [{ outputSize: 0 }, RangeError, "outputSize: expected a positive integer, got 0"],
    [
      { outputSize: 3, layers: 33, controller: "deep-lstm" },
      RangeError,
      "layers: expected an integer from 1 to 32, got 33",
    ],
    [
      { outputSize: 3, controller: () => {} },
      TypeError,
      "controller: expected the name of a type, got a function, which cannot be saved",
    ],
    [
      { outputSize: 3, inputSize: 4 },
      TypeError,
      'unknown config key "inputSize"; expected one of outputSize, memorySize, wordSize, readHeads, writeHeads, hiddenSize, layers, clipValue, controller, memory, seed, name, trainable',
    ],
    [{ outputSize: 3, name: 1 }, TypeError, "name: expected a string, got 1"],
    [{ outputSize: 3, trainable: "no" }, TypeError, 'trainable: expected true or false, got "no"'],
    [undefined, TypeError, "config: expected an object, got undefined"],
  ])("refuses %j and leaves no tensors", (config, kind, message) => {
    expect(tensorsLeftBy(() => expect(() => new DncCell(config as DncCellConfig)).toThrow(new kind(message)))).toBe(0);
  });

  it("refuses to step before it is built", () => {
    expect(() => new DncCell(CELL).call([])).toThrow(new Error("DncCell: expected build before call, got call first"));
  });

  it("creates no tensors until it is built, then its weights", () => {
    expect(tensorsLeftBy(() => new DncCell(CELL))).toBe(0);
    const cell = new DncCell(CELL);
    expect(tensorsLeftBy(() => cell.build([null, 4]))).toBe(24);
    expect(cell.weights.length).toBe(24);
  });
});

describe("a layer of a DncCell", () => {
  it.each(CONTROLLERS)("computes what unroll does, bit for bit: %s", (controller) => {
    const cell = { ...CELL, controller, writeHeads: 2 };
    const model = sequenceModel(cell);
    for (const [batch, time] of [
      [3, 4],
      [1, 4],
      [3, 1],
      [1, 1],
    ]) {
      const inputs = sequences(batch, time);
      expect(bitsOf([model.predict(inputs) as tf.Tensor])).toEqual(bitsOf([unrolled(inputs, cell).outputs]));
    }
    model.dispose();
  });

  it("returns only the last output, and the final state if requested", () => {
    const inputs = sequences(2, 4);
    const { outputs, finalState } = unrolled(inputs);
    const last = tf.squeeze(tf.slice(outputs, [0, 3], [-1, 1]), [1]);
    const alone = sequenceModel(CELL, { returnSequences: false });
    expect(bitsOf([alone.predict(inputs) as tf.Tensor])).toEqual(bitsOf([last]));

    const input = tf.input({ shape: [null, 4] });
    const layer = tf.layers.rnn({ cell: new DncCell(CELL), returnState: true });
    const both = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor[] });
    const [output, firstState, ...states] = both.predict(inputs) as tf.Tensor[];
    expect(bitsOf([output, firstState])).toEqual(bitsOf([last, tf.clone(last)]));
    expect(bitsOf(states)).toEqual(bitsOf(flattenNested<tf.Tensor>(finalState)));
    expect(states.every((state) => state.rank === 2)).toBe(true);
  });

  it("has no states of width 0: without links, those of linkage are left out", () => {
    const config = { ...CELL, memory: { links: false } };
    expect(new DncCell(config).stateSize).toHaveLength(new DncCell(CELL).stateSize.length - 2);
    const inputs = sequences(2, 4);
    const layer = tf.layers.rnn({ cell: new DncCell(config), returnState: true });
    const input = tf.input({ shape: [null, 4] });
    const both = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor[] });
    const [, , ...states] = both.predict(inputs) as tf.Tensor[];
    const expected = flattenNested<tf.Tensor>(unrolled(inputs, config).finalState).filter(({ size }) => size > 0);
    expect(bitsOf(states)).toEqual(bitsOf(expected));
  });

  it("starts from the state of another layer", () => {
    const [first, second] = [tf.input({ shape: [null, 4] }), tf.input({ shape: [null, 4] })];
    const [, ...states] = tf.layers
      .rnn({ cell: new DncCell(CELL), returnState: true })
      .apply(first) as tf.SymbolicTensor[];
    const layer = tf.layers.rnn({ cell: new DncCell(CELL), returnSequences: true });
    const outputs = layer.apply(second, { initialState: states }) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [first, second], outputs });
    const inputs = sequences(2, 5);
    const halves = [tf.slice(inputs, [0, 0], [-1, 2]), tf.slice(inputs, [0, 2], [-1, 3])];
    expect(bitsOf([model.predict(halves) as tf.Tensor])).toEqual(
      bitsOf([tf.slice(unrolled(inputs).outputs, [0, 2], [-1, 3])]),
    );
  });

  it("keeps its state from batch to batch if it is stateful", () => {
    const model = sequenceModel(CELL, { stateful: true, batchInputShape: [2, null, 4] });
    const inputs = sequences(2, 5);
    const { outputs } = unrolled(inputs);
    const predict = (from: number, length: number) =>
      bitsOf([model.predict(tf.slice(inputs, [0, from], [-1, length]), { batchSize: 2 }) as tf.Tensor]);
    expect(predict(0, 2)).toEqual(bitsOf([tf.slice(outputs, [0, 0], [-1, 2])]));
    expect(predict(2, 3)).toEqual(bitsOf([tf.slice(outputs, [0, 2], [-1, 3])]));
    model.resetStates();
    expect(predict(0, 2)).toEqual(bitsOf([tf.slice(outputs, [0, 0], [-1, 2])]));
  });

  it("skips masked steps", () => {
    const cell = new DncCell(CELL);
    const model = tf.sequential({
      layers: [tf.layers.masking({ inputShape: [null, 4] }), tf.layers.rnn({ cell })],
    });
    const inputs = sequences(2, 3);
    const padded = tf.concat([inputs, tf.zeros([2, 2, 4])], 1);
    expect(model.predict(padded) as tf.Tensor).toBeAllClose(model.predict(inputs) as tf.Tensor);
  });

  it("counts the reference's 43,980 weights in its summary", () => {
    const cell = new DncCell({ outputSize: 5 });
    const model = tf.sequential({ layers: [tf.layers.rnn({ cell, returnSequences: true, inputShape: [null, 6] })] });
    const lines: string[] = [];
    model.summary(undefined, undefined, (line) => lines.push(line));
    expect(lines.join("\n")).toMatch(/\(RNN\) +\[\[null,null,6\]\] +\[null,null,5\] +43980/);
    expect(lines).toContain("Total params: 43980");
    expect(lines).toContain("Trainable params: 43980");
    expect(model.countParams()).toBe(43980);
    model.dispose();
  });

  it("gives its weights the DNC's names below its own", () => {
    const model = sequenceModel(CELL, { name: "reader" });
    const names = model.weights.map((weight) => weight.originalName);
    expect(names.length).toBe(24);
    expect(names[0]).toBe("reader/dnc/lstm/w_gates");
    expect(names[23]).toBe("reader/dnc/output_linear/b");
    model.dispose();
  });
});
