import { MemoryAccess } from "@dnc/access";
import { Lstm } from "@dnc/controller";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Dnc } from "../../src/dnc.js";
import type { DncState } from "../../src/dnc-state.js";
import { type OpsEngine, registerEngine } from "../../src/engine/index.js";
import { whyNotStock } from "../../src/engine/why-not-stock.js";
import { unroll } from "../../src/unroll.js";
import { bitsOf, normal, stepByHand, TINY } from "../support.js";

const TIME = 3;
const inputs = () => normal<tf.Rank.R3>([TIME, 2, 3], 1);
let warn = vi.spyOn(console, "warn");

/** An engine that computes every network as if it were a `Dnc` of TINY. */
const engine: OpsEngine = {
  name: "definition",
  backends: ["cpu"],
  supports: () => true,
  supportsSizes: () => true,
  ops: {
    forward({ inputs, initialState }) {
      const { link, precedenceWeights, hidden: units, cell: cells, readWords: words, ...parts } = initialState;
      const access = { ...parts, linkage: { link, precedenceWeights } };
      const state = { readWords: words, access, controller: { hidden: units, cell: cells } } as DncState;
      const { outputs, finalState } = unroll(new Dnc(TINY), inputs as tf.Tensor3D, state, { trace: true });
      const { readWords, controller } = finalState;
      const { linkage, ...memory } = finalState.access;
      const { hidden, cell } = controller as { hidden: tf.Tensor; cell: tf.Tensor };
      return {
        outputs: { logits: outputs, finalState: { ...memory, ...linkage, readWords, hidden, cell } },
        residuals: {},
      };
    },
    backward() {
      throw new Error("unused");
    },
  },
};

beforeEach(() => {
  registerEngine(engine);
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(() => {
  tf.unregisterKernel("DncUnrollOps", "cpu");
  vi.restoreAllMocks();
});

class Counted extends Dnc {
  calls = 0;
  override step(...given: Parameters<Dnc["step"]>) {
    this.calls++;
    return super.step(...given);
  }
}

class Started extends Dnc {
  readonly start = tf.variable(tf.fill([1, 2, 4], 0.5));
  override initialState(batch: number) {
    const state = super.initialState(batch);
    return { ...state, readWords: tf.add<tf.Tensor3D>(state.readWords, this.start) };
  }
}

describe("a core that is not stock", () => {
  it("runs its own step for each time step, and a warning is printed once", () => {
    const core = new Counted(TINY);
    for (let times = 1; times <= 2; times++) {
      unroll(core, inputs());
      expect(core.calls).toBe(times * TIME);
    }
    const other = new Counted(TINY);
    expect(unroll(other, inputs()).outputs).toBeAllClose(unroll(new Dnc(TINY), inputs()).outputs);
    expect(warn.mock.calls).toEqual([
      ["@dnc/core: expected a stock Dnc to run as one op, got one with a custom step; such a core runs step by step."],
    ]);
  });

  it("passes on errors of its step", () => {
    const core = Object.assign(new Dnc(TINY), {
      step() {
        throw new Error("mine");
      },
    });
    expect(() => unroll(core, inputs())).toThrow("mine");
  });

  it("has gradients to the tensors from which its initialState is computed", () => {
    const core = new Started(TINY);
    const { grads } = tf.variableGrads(() => tf.sum(unroll(core, inputs()).outputs) as tf.Scalar, [core.start]);
    expect(tf.max(tf.abs(grads[core.start.name])).dataSync()[0]).toBeGreaterThan(0);
    expect(whyNotStock(core)).toBe("one with a custom initialState");
  });

  it("uses its own prepareWeights", () => {
    const core = new Dnc(TINY);
    const none = () => {
      const { weights, biases } = new Dnc(TINY).prepareWeights();
      return { weights: tf.zerosLike(weights), biases };
    };
    const changed = unroll(Object.assign(new Dnc(TINY), { prepareWeights: none }), inputs()).outputs;
    expect(bitsOf([changed])).not.toEqual(bitsOf([unroll(core, inputs()).outputs]));
  });

  it.each([
    ["a Proxy", (core: Dnc) => new Proxy(core, {})],
    ["an object made from it", (core: Dnc) => Object.create(core) as Dnc],
  ])("can be a wrapper: %s", (_name, wrap) => {
    const core = new Dnc(TINY);
    const wrapped = wrap(core);
    const expected = stepByHand(core, inputs(), core.initialState(2));
    expect(unroll(wrapped, inputs()).outputs).toBeAllClose(expected.outputs);
    let calls = 0;
    const counting = Object.create(core) as Dnc;
    counting.step = (...given) => {
      calls++;
      return core.step(...given);
    };
    unroll(counting, inputs());
    expect(calls).toBe(TIME);
    expect(warn.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["the controller's step", Lstm.prototype],
    ["the memory access's step", MemoryAccess.prototype],
    ["the core's step", Dnc.prototype],
  ])("includes one whose %s was patched on the prototype", (_name, prototype) => {
    const core = new Dnc(TINY);
    const step = vi.spyOn(prototype as { step: Dnc["step"] }, "step");
    unroll(core, inputs());
    expect(step).toHaveBeenCalledTimes(TIME);
    step.mockRestore();
    const again = vi.spyOn(prototype as { step: Dnc["step"] }, "step");
    again.mockRestore();
    unroll(core, inputs());
    expect(again).not.toHaveBeenCalled();
  });

  it("is not a subclass that only has a constructor", () => {
    class Small extends Dnc {
      constructor() {
        super(TINY);
      }
    }
    expect(bitsOf([unroll(new Small(), inputs()).outputs])).toEqual(bitsOf([unroll(new Dnc(TINY), inputs()).outputs]));
    expect(warn).not.toHaveBeenCalled();
  });
});
