import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assignTensors, type NamedVariable, readTensors, type StoredTensor } from "../src/index.js";
import { tensor } from "./files.js";

let variables: NamedVariable[];

beforeEach(() => {
  const named = (name: string, value: tf.Tensor) => ({ name, variable: tf.tidy(() => tf.variable(value)) });
  variables = [named("a", tf.ones([2, 3])), named("b", tf.zeros([])), named("c", tf.zeros([0, 2]))];
});

afterEach(() => tf.disposeVariables());

const stored = [tensor("a", [2, 3], 1), tensor("b", [], 5), tensor("c", [0, 2])];

describe("readTensors and assignTensors", () => {
  it("restore values in any order", async () => {
    assignTensors(variables, [...stored].reverse());
    expect(await readTensors(variables)).toEqual(stored);
  });

  it("share no memory with the variables", async () => {
    const given = [...stored.slice(1), tensor("a", [2, 3], 1)];
    assignTensors(variables, given);
    given[2]?.values.fill(9);
    const read = await readTensors(variables);
    expect(read[0]).toEqual(stored[0]);
    read[0]?.values.fill(9);
    expect((await readTensors(variables))[0]).toEqual(stored[0]);
  });

  it("leave no tensor behind", async () => {
    const before = tf.memory().numTensors;
    assignTensors(variables, stored);
    await readTensors(variables);
    expect(() => assignTensors(variables, [])).toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['no "b"', [stored[0], stored[2]]],
    ['"d", which no variable has', [...stored, tensor("d", [1])]],
    ['"a" twice', [...stored, tensor("a", [2, 3])]],
    ['"b" of [1] instead of []', [stored[0], tensor("b", [1]), stored[2]]],
    ['"a" of [3, 2] instead of [2, 3]', [tensor("a", [3, 2]), stored[1], stored[2]]],
    ['"b" with 0 values instead of 1', [stored[0], { ...stored[1], values: new Float32Array(0) }, stored[2]]],
    [
      'no "a"; no "b"; no "c"; "n0", which no variable has; "n1", which no variable has; and 4 more',
      Array.from({ length: 6 }, (_, index) => tensor(`n${index}`, [])),
    ],
  ] as [string, StoredTensor[]][])("refuse %s, and then nothing has changed", async (difference, given) => {
    const before = await readTensors(variables);
    const message = `tensors: expected those of the variables, got ${difference}`;
    expect(() => assignTensors(variables, given)).toThrow(new RangeError(message));
    expect(await readTensors(variables)).toEqual(before);
  });

  it("refuse variables of one name and variables that are not float32", async () => {
    expect(() => assignTensors([...variables, variables[1] as NamedVariable], stored)).toThrow('two variables "b"');
    const integers = [{ name: "i", variable: tf.tidy(() => tf.variable(tf.zeros([1], "int32"))) }];
    expect(() => assignTensors(integers, [tensor("i", [1])])).toThrow('a variable "i" of int32');
    await expect(readTensors(integers)).rejects.toThrow(new TypeError("i: expected float32, got int32"));
  });
});
