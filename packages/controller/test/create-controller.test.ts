import { describe, expect, it } from "vitest";
import { type ControllerConfig, createController } from "../src/create-controller.js";
import { KINDS, valuesOf } from "./support.js";

const SIZES = { inputSize: 3, hiddenSize: 4 };

describe("createController", () => {
  it.each(KINDS)("creates what the class creates: $type", ({ type, Class }) => {
    const controller = createController({ type, ...SIZES, seed: 7 });
    const direct = new Class({ ...SIZES, seed: 7 });
    expect(controller).toBeInstanceOf(Class);
    expect([controller.inputSize, controller.outputSize]).toEqual([direct.inputSize, direct.outputSize]);
    expect(controller.variables.map(({ name }) => name)).toEqual(direct.variables.map(({ name }) => name));
    expect(valuesOf(controller)).toEqual(valuesOf(direct));
  });

  it.each(KINDS)("passes on createVariable: $type", ({ type }) => {
    const { variables } = createController({ type, ...SIZES });
    const names: string[] = [];
    createController({ type, ...SIZES }, (name) => {
      names.push(name);
      return variables[names.length - 1].variable;
    });
    expect(names).toEqual(variables.map(({ name }) => name));
  });

  it("passes on the number of layers", () => {
    expect(createController({ type: "deep-lstm", ...SIZES, layers: 5 }).outputSize).toBe(20);
  });

  it.each(KINDS)("treats undefined as absent: $type", ({ type, Class }) => {
    const controller = createController({ type, ...SIZES, layers: undefined, seed: undefined });
    expect(valuesOf(controller)).toEqual(valuesOf(new Class(SIZES)));
  });

  const types = "lstm, deep-lstm, gru, feed-forward";
  it.each([
    [{ ...SIZES }, `type: expected one of ${types}, got undefined`],
    [{ ...SIZES, type: "LSTM" }, `type: expected one of ${types}, got "LSTM"`],
    [{ ...SIZES, type: "toString" }, `type: expected one of ${types}, got "toString"`],
    [{ ...SIZES, type: 1 }, `type: expected one of ${types}, got 1`],
    [{ ...SIZES, type: ["lstm"] }, `type: expected one of ${types}, got an array`],
    [
      { ...SIZES, type: "lstm", layers: 2 },
      'unknown config key "layers"; expected one of type, inputSize, hiddenSize, seed',
    ],
    [
      { ...SIZES, type: "gru", layers: 2 },
      'unknown config key "layers"; expected one of type, inputSize, hiddenSize, seed',
    ],
    [
      { ...SIZES, type: "feed-forward", layers: 2 },
      'unknown config key "layers"; expected one of type, inputSize, hiddenSize, seed',
    ],
    [
      { ...SIZES, type: "deep-lstm", size: 2 },
      'unknown config key "size"; expected one of type, inputSize, hiddenSize, layers, seed',
    ],
    [undefined, "config: expected an object, got undefined"],
    ["lstm", 'config: expected an object, got "lstm"'],
  ])("refuses %j with a TypeError", (config, message) => {
    expect(() => createController(config as ControllerConfig)).toThrow(new TypeError(message));
  });

  it("lets the controller check sizes", () => {
    const config = { type: "deep-lstm", ...SIZES, layers: 0 } as const;
    expect(() => createController(config)).toThrow(new RangeError("layers: expected an integer from 1 to 32, got 0"));
  });
});
