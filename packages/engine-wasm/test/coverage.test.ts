import { LstmNetwork, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WasmTrainer } from "../src/index.js";
import { Network } from "../src/network.js";
import { composed, Dnc, distance, isSupported, makeState, normal, results, TINY } from "./support.js";

const runs = vi.spyOn(Network.prototype, "run");

afterEach(() => {
  runs.mockClear();
});

type Controller = NonNullable<ConstructorParameters<typeof Dnc>[0]["controller"]>;

/** A controller that passes its inputs through. */
const transparent: Controller = ({ inputSize }) => ({
  inputSize,
  outputSize: inputSize,
  variables: [],
  initialState: () => ({}),
  step: (inputs, state) => ({ output: tf.clone(inputs), state }),
  dispose() {},
});

describe("the engine's supports", () => {
  it("is true for every built-in controller and variant, and for a network without a memory", () => {
    for (const controller of ["lstm", "deep-lstm", "gru", "feed-forward"] as const)
      expect(isSupported(new Dnc({ ...TINY, controller }))).toBe(true);
    expect(isSupported(new Dnc({ ...TINY, controller: "deep-lstm", layers: 32 }))).toBe(true);
    for (const memory of [{ masking: true }, { deallocation: true }, { sharpness: true }, { links: false }])
      expect(isSupported(new Dnc({ ...TINY, memory }))).toBe(true);
    expect(isSupported(new LstmNetwork({ inputSize: 3, outputSize: 2, layers: 2 }))).toBe(true);
  });

  it("is false for a custom part and for a setting that the engine does not know", () => {
    expect(isSupported(new Dnc({ ...TINY, controller: transparent }))).toBe(false);
    const { config } = new Dnc(TINY);
    expect(isSupported({ config: { ...config, access: transparent as never } })).toBe(false);
    const memory = { ...config.memory, gates: true };
    expect(isSupported({ config: { ...config, memory } })).toBe(false);
  });
});

describe("a core that the engine does not support", () => {
  it("runs step by step with the same numbers, and prints each reason once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const unsupported = new Dnc({ ...TINY, controller: transparent, writeHeads: 2 });
    for (const core of [unsupported, unsupported]) {
      tf.tidy(() => {
        const inputs = normal([3, 2, 3], 1) as tf.Tensor3D;
        const state = makeState(core, 2, "random", 1);
        const [own, reference] = [unroll, composed].map((run) => results(run, core, inputs, state));
        const { name, difference } = distance(own, reference);
        expect(difference, name).toBeLessThan(2e-5);
        const now = tf.squeeze(tf.slice(inputs, 0, 1), [0]) as tf.Tensor2D;
        expect(core.step(now, state).output).toBeAllClose(core.step(now, state, { trace: true }).output);
      });
    }
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      '@dnc/core: engine wasm does not support this network: controller: expected one of "lstm", "deep-lstm", "gru", "feed-forward", got a function.',
    ]);
    warn.mockRestore();
  });
});

describe("a core that the engine supports", () => {
  it("runs on it, except for traces", () => {
    const core = new Dnc(TINY);
    const inputs = normal([3, 2, 3], 1) as tf.Tensor3D;
    unroll(core, inputs);
    core.step(tf.zeros([2, 3]), core.initialState(2));
    expect(runs).toHaveBeenCalledTimes(2);
    unroll(core, inputs, undefined, { trace: true });
    expect(runs).toHaveBeenCalledTimes(2);
  });

  it("has the same errors as step by step if shapes do not fit", () => {
    const core = new Dnc(TINY);
    const state = core.initialState(2);
    for (const run of [unroll, composed]) {
      expect(() => run(core, tf.zeros([3, 2, 4]), state)).toThrow(RangeError);
      expect(() => run(core, tf.zeros([3, 1, 3]), state)).toThrow(RangeError);
    }
    expect(runs).not.toHaveBeenCalled();
  });
});

/** A Dnc that clears its temporal links. */
class Unlinked extends Dnc {
  override step(...given: Parameters<Dnc["step"]>) {
    const { state, ...rest } = super.step(...given);
    const linkage = { ...state.access.linkage, link: tf.zerosLike(state.access.linkage.link) };
    return { ...rest, state: { ...state, access: { ...state.access, linkage } } };
  }
}

describe("a core with something overridden", () => {
  it("runs its own steps, as without the engine, and cannot be trained by it", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const core = new Unlinked({ ...TINY, seed: 3 });
    const inputs = normal([6, 2, 3], 1, 3) as tf.Tensor3D;
    for (let times = 0; times < 2; times++) {
      const { outputs } = unroll(core, inputs);
      expect(outputs).toBeAllClose(composed(core, inputs).outputs);
      expect(Array.from(outputs.dataSync())).not.toEqual(
        Array.from(unroll(new Dnc({ ...TINY, seed: 3 }), inputs).outputs.dataSync()),
      );
    }
    expect(isSupported(core)).toBe(false);
    const message = "core: expected a stock Dnc, got one with a custom step";
    expect(() => new WasmTrainer(core)).toThrow(new TypeError(message));
    expect(warn.mock.calls).toEqual([
      ["@dnc/core: expected a stock Dnc to run as one op, got one with a custom step; such a core runs step by step."],
    ]);
    warn.mockRestore();
  });

  it.each([
    ["one with a custom step", (core: Dnc) => Object.assign(core, { step: core.step.bind(core) })],
    ["one with a custom initialState", (core: Dnc) => Object.assign(core, { initialState: () => null })],
    ["one with replaced variables", (core: Dnc) => Object.assign(core, { variables: [...core.variables] })],
    ["a wrapper of one", (core: Dnc) => new Proxy(core, {})],
    ["a wrapper of one", (core: Dnc) => Object.create(core) as Dnc],
    ["a core of another class", ({ config, variables }: Dnc) => ({ config, variables, step() {} })],
  ])("is not treated as a stock one: %s", (what, change) => {
    const core = change(new Dnc(TINY)) as Dnc;
    expect(isSupported(core)).toBe(false);
    expect(() => new WasmTrainer(core)).toThrow(new TypeError(`core: expected a stock Dnc, got ${what}`));
  });

  it("can be supported as a plain description", () => {
    const { config, variables } = new Dnc(TINY);
    expect(isSupported({ config })).toBe(true);
    new WasmTrainer({ config, variables }).dispose();
  });
});

describe("numbers of other types", () => {
  it.each(["int32", "bool"] as const)(
    "%s are float32 to the kernel, bit for bit, and so are their gradients",
    (type) => {
      const core = new Dnc(TINY);
      const plain = tf.oneHot(
        tf.tensor2d(
          [
            [0, 2],
            [1, 1],
            [2, 0],
          ],
          [3, 2],
          "int32",
        ),
        3,
        1,
        0,
        "float32",
      ) as tf.Tensor3D;
      const run = (inputs: tf.Tensor3D) => {
        const { value, grads } = tf.variableGrads(() => tf.sum(unroll(core, inputs).outputs));
        return [value, ...Object.values(grads)].map((tensor) => Array.from(tensor.dataSync()));
      };
      expect(run(tf.cast(plain, type))).toEqual(run(plain));
    },
  );
});

describe("a gradient of a gradient", () => {
  it("has the same error as on every other path", () => {
    const core = new Dnc(TINY);
    const slope = tf.grad((inputs) => tf.sum(unroll(core, inputs as tf.Tensor3D).outputs));
    expect(() => tf.grad((inputs) => tf.sum(tf.square(slope(inputs))))(normal([2, 1, 3], 1))).toThrow(
      "gradient: expected one of first order, got a gradient of a gradient, which @dnc does not have",
    );
  });
});
