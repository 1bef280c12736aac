import { Dnc, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as engine from "../src/index.js";
import type * as Loader from "../src/loader.js";
import { isBuilt, REFERENCE } from "./support.js";

afterEach(() => {
  engine.configureEngine({});
  vi.doUnmock("../src/loader.js");
  vi.resetModules();
});

it("exports exactly these names", () => {
  expect(Object.keys(engine).sort()).toMatchInlineSnapshot(`
    [
      "NativeTrainer",
      "availableInstructionSets",
      "configureEngine",
      "nativeEngine",
      "startThreads",
      "whyUnavailable",
    ]
  `);
});

it("options are checked, and reset to their defaults", () => {
  expect(() => engine.configureEngine({ threads: 0 })).toThrow("threads: expected an integer from 1 to 32, got 0");
  expect(() => engine.configureEngine({ cores: 2 } as never)).toThrow(new TypeError('options: unknown key "cores"'));
  expect(() => engine.configureEngine({ instructionSet: "simd" as never })).toThrow(
    new TypeError('instructionSet: expected one of avx512, avx2, neon, got "simd"'),
  );
});

describe.skipIf(!isBuilt)("the engine (needs the native engine; npm run build:native)", () => {
  it("is registered for the backends whose tensors it can read synchronously", () => {
    for (const backend of ["cpu", "wasm", "tensorflow"]) expect(tf.getKernel("DncUnroll", backend)).toBeDefined();
    for (const backend of ["webgl", "webgpu"]) expect(tf.getKernel("DncUnroll", backend)).toBeUndefined();
    expect(tf.getGradient("DncUnroll")).toBeDefined();
  });

  it("refuses an instruction set that the machine does not have", () => {
    const other = process.arch === "arm64" ? "avx2" : "neon";
    const core = new Dnc(REFERENCE);
    expect(() => new engine.NativeTrainer(core, { instructionSet: other })).toThrow(
      `native engine: expected ${other}, this machine has ${engine.availableInstructionSets().join(", ")}`,
    );
    engine.configureEngine({ instructionSet: other });
    expect(engine.whyUnavailable()).toMatch(new RegExp(`^native engine: expected ${other}, this machine has `));
  });

  it.each(engine.availableInstructionSets())(
    "with %s computes a sequence and its gradient as the definition does",
    (set) => {
      engine.configureEngine({ instructionSet: set, threads: 3 });
      const core = new Dnc({ ...REFERENCE, memorySize: 9, wordSize: 11, hiddenSize: 13 });
      const inputs = tf.randomUniform<tf.Rank.R3>([5, 4, 6], 0, 1, "float32", 3);
      const gradientOf = (options: { trace?: true }) =>
        tf.grad((x) => tf.sum(tf.square(unroll(core, x as tf.Tensor3D, undefined, options as never).outputs)))(inputs);
      const { outputs } = unroll(core, inputs);
      const { outputs: expected } = unroll(core, inputs, undefined, { trace: true });
      expect(outputs).toBeAllClose(expected, { absolute: 1e-5 });
      expect(gradientOf({})).toBeAllClose(gradientOf({ trace: true }), { absolute: 1e-5 });
    },
  );

  it("starts the threads that are asked for", async () => {
    expect(await engine.startThreads(3)).toBe(3);
    await expect(engine.startThreads(0)).rejects.toThrow(RangeError);
  });
});

it("without a binary, gives the reason everywhere and registers nothing", async () => {
  const reason = "native engine: expected the package @dnc/engine-native-linux-x64, which is not installed";
  vi.resetModules();
  vi.doMock("../src/loader.js", (): typeof Loader => ({ loadAddon: () => reason }));
  const { backends } = engine.nativeEngine;
  for (const backend of backends) if (tf.getKernel("DncUnroll", backend)) tf.unregisterKernel("DncUnroll", backend);
  const absent = await import("../src/index.js");
  for (const backend of backends) expect(tf.getKernel("DncUnroll", backend)).toBeUndefined();
  expect(absent.whyUnavailable()).toBe(reason);
  expect(absent.availableInstructionSets()).toEqual([]);
  expect(await absent.startThreads(2)).toBe(1);
  const core = new Dnc(REFERENCE);
  expect(() => new absent.NativeTrainer(core)).toThrow(new TypeError(reason));
  expect(absent.nativeEngine.supports(core.config)).toBe(reason);
});
