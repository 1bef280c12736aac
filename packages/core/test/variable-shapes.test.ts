import fc from "fast-check";
import { expect, it } from "vitest";
import type { ControllerType, DncConfig } from "../src/config.js";
import { Dnc } from "../src/dnc.js";
import { variableShapes } from "../src/variable-shapes.js";

const SIZES = { inputSize: 6, outputSize: 5 };

function checkShapes(config: DncConfig): void {
  const network = new Dnc(config);
  const shapes = network.variables.map(({ name, variable }) => ({ name, shape: variable.shape }));
  network.dispose();
  expect(variableShapes(config)).toEqual(shapes);
}

it("are those of the default network, 43980 parameters in 24 tensors", () => {
  checkShapes(SIZES);
  const shapes = variableShapes(SIZES);
  const sizes = shapes.map(({ shape }) => shape.reduce((size, length) => size * length, 1));
  expect([sizes.reduce((sum, size) => sum + size, 0), shapes.length]).toEqual([43980, 24]);
});

it("are those of the network, whatever its sizes, its controller and its memory", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(
      fc.constantFrom<ControllerType>("lstm", "deep-lstm", "gru", "feed-forward"),
      fc.record({
        inputSize: size,
        outputSize: size,
        hiddenSize: size,
        memorySize: size,
        wordSize: size,
        readHeads: size,
        writeHeads: size,
      }),
      fc.record({
        masking: fc.constantFrom(false, true, { minimum: 0.1 }),
        deallocation: fc.boolean(),
        sharpness: fc.boolean(),
        links: fc.boolean(),
      }),
      (controller, sizes, { sharpness, ...memory }) =>
        checkShapes({ controller, ...sizes, memory: { ...memory, sharpness: sharpness && memory.links } }),
    ),
    { numRuns: 60, seed: 1 },
  );
  for (const layers of [1, 2, 5]) checkShapes({ ...SIZES, controller: "deep-lstm", layers, hiddenSize: 3 });
});

it("take no memory, whatever the sizes", () => {
  expect(variableShapes({ ...SIZES, hiddenSize: 2 ** 40 })[0].shape).toEqual([6 + 64 + 2 ** 40, 2 ** 42]);
});

it("are unknown for a custom controller or memory access, and none for a wrong configuration", () => {
  expect(() => variableShapes({ ...SIZES, controller: () => ({}) as never })).toThrow(
    new TypeError("config.controller: expected the name of a controller, got a function"),
  );
  expect(() => variableShapes({ ...SIZES, access: () => ({}) as never })).toThrow(
    new TypeError("config.access: expected none, got a function"),
  );
  expect(() => variableShapes({ ...SIZES, hiddenSize: 0 })).toThrow(RangeError);
});
