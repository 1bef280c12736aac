import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import { type DncTrace, serializeTrace, TRACE_DIMENSIONS, type TraceData } from "../src/trace.js";
import { unroll } from "../src/unroll.js";
import { bitsOf, normal, randomState, TINY, tensorsIn, tensorsLeftBy } from "./support.js";

const TIME = 3;
const SIZES: { [dimension: string]: number } = {
  time: TIME,
  batch: 2,
  slots: 5,
  wordSize: 4,
  readHeads: 2,
  writeHeads: 3,
  modes: 7,
  controllerSize: 6,
};
const QUANTITIES = Object.keys(TRACE_DIMENSIONS) as (keyof DncTrace)[];
const VARIANTS = { masking: true, deallocation: true, sharpness: true };

/** The trace of a memory that has everything. */
type CompleteTrace = { readonly [Quantity in keyof DncTrace]-?: Exclude<DncTrace[Quantity], undefined> };

/** Traces a sequence that starts in the middle of another; returns the trace and the state before it. */
function traced(core = new Dnc({ ...TINY, writeHeads: 3, memory: VARIANTS })) {
  const state = randomState(core, 2);
  const inputs = normal<tf.Rank.R3>([TIME, 2, 3], 1);
  const unrolled = unroll(core, inputs, state, { trace: true });
  return { core, state, inputs, ...unrolled, trace: unrolled.trace as CompleteTrace };
}

describe("a trace", () => {
  it("has every quantity of TRACE_DIMENSIONS, in its shape, and no others", () => {
    const { trace } = traced();
    expect(Object.keys(trace).sort()).toEqual([...QUANTITIES].sort());
    for (const name of QUANTITIES)
      expect(trace[name].shape, name).toEqual(TRACE_DIMENSIONS[name].map((dimension) => SIZES[dimension]));
  });

  it("stacks what each step returns over time", () => {
    const { core, state, inputs, trace } = traced();
    let current = state;
    for (const [time, input] of (tf.unstack(inputs) as tf.Tensor2D[]).entries()) {
      const step = core.step(input, current, { trace: true });
      for (const name of QUANTITIES)
        expect(bitsOf([tf.gather(trace[name], time)]), name).toEqual(bitsOf([step.trace?.[name] as tf.Tensor]));
      current = step.state;
    }
  });

  it("has only the chosen quantities, and leaves no other tensors", () => {
    const { core, state, inputs, trace } = traced();
    const run = () => unroll(core, inputs, state, { trace: ["usage", "link"] });
    const chosen = run();
    expect(Object.keys(chosen.trace)).toEqual(["usage", "link"]);
    expect(bitsOf([chosen.trace.usage, chosen.trace.link as tf.Tensor])).toEqual(bitsOf([trace.usage, trace.link]));
    expect(tensorsLeftBy(() => tf.dispose(run()))).toBe(0);
    const unlinked = new Dnc({ ...TINY, memory: { links: false } });
    expect(Object.keys(unroll(unlinked, inputs, undefined, { trace: ["link", "usage"] }).trace)).toEqual(["usage"]);
    expect(() => unroll(core, inputs, state, { trace: ["links" as never] })).toThrow(
      new TypeError('trace: expected names of quantities, got "links"'),
    );
    expect(() => unroll(core, inputs, state, { trace: null as never })).toThrow(TypeError);
    expect(() => unroll(core, inputs, state, { trace: "usage" as never })).toThrow(TypeError);
  });

  it("has the state after each step", () => {
    const { core, state, inputs, trace, finalState } = traced();
    let current = state;
    for (const [time, input] of (tf.unstack(inputs) as tf.Tensor2D[]).entries()) {
      current = core.step(input, current).state;
      const { linkage, ...access } = current.access;
      for (const [name, tensor] of Object.entries({ ...access, ...linkage, readWords: current.readWords }))
        expect(bitsOf([tf.gather(trace[name as keyof DncTrace], time)]), name).toEqual(bitsOf([tensor]));
    }
    expect(bitsOf(current)).toEqual(bitsOf(finalState));
  });

  it("does not change outputs, final state and gradients", () => {
    const { core, state, inputs, outputs, finalState } = traced();
    const plain = unroll(core, inputs, state);
    expect(bitsOf([outputs, finalState])).toEqual(bitsOf([plain.outputs, plain.finalState]));
    const gradients = [true, false].map((trace) =>
      tf.variableGrads(() =>
        tf.sum(trace ? unroll(core, inputs, state, { trace }).outputs : unroll(core, inputs, state).outputs),
      ),
    );
    expect(bitsOf(gradients[0].grads)).toEqual(bitsOf(gradients[1].grads));
  });

  it("has the weightings that the step used", () => {
    const core = new Dnc(TINY);
    const { trace: t } = traced(core);
    const column = (x: tf.Tensor) => tf.expandDims(x, -1);
    // How a head wrote: its gates mix allocation and content.
    const [allocation, write] = [column(t.allocationGate), column(t.writeGate)];
    const mixed = tf.add(tf.mul(allocation, t.allocationWeights), tf.mul(tf.sub(1, allocation), t.writeContentWeights));
    expect(t.writeWeights).toBeAllClose(tf.mul(write, mixed));
    // How a head read: its modes mix backward, forward and content.
    const [backward, forward, content] = tf.split(t.readMode, 3, -1);
    const links = [
      tf.mul(backward, tf.squeeze(t.backwardWeights, [3])),
      tf.mul(forward, tf.squeeze(t.forwardWeights, [3])),
    ];
    expect(t.readWeights).toBeAllClose(tf.addN([...links, tf.mul(content, t.readContentWeights)]));
    expect(t.readWords).toBeAllClose(tf.matMul(t.readWeights, t.memory));
    // Forward weights follow the links from the slots read before, backward weights follow them in reverse.
    const [before, link] = [tf.slice(t.readWeights, 0, TIME - 1), tf.squeeze(tf.slice(t.link, 1, TIME - 1), [2])];
    const led = tf.matMul(before, link, false, true); // sum over j of L[i, j] r[j]
    expect(tf.slice(t.forwardWeights, 1)).toBeAllClose(tf.expandDims(led, 3));
    expect(tf.slice(t.backwardWeights, 1)).toBeAllClose(tf.expandDims(tf.matMul(before, link), 3));
    // Gates and modes are after their activation functions.
    expect(tf.sum(t.readMode, -1)).toBeAllClose(tf.ones([TIME, 2, 2]));
    const bounded = bitsOf([t.writeGate, t.allocationGate, t.freeGate, t.eraseVectors, t.usage]).flat();
    expect(bounded.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("creates only its own tensors", () => {
    const core = new Dnc({ ...TINY, memory: VARIANTS });
    const inputs = normal<tf.Rank.R3>([TIME, 2, 3], 1);
    expect(tensorsLeftBy(() => unroll(core, inputs, undefined, { trace: true }))).toBe(1 + 9 + QUANTITIES.length);
  });

  it("of a memory without links, masks and sharpness has no quantities of them", () => {
    const core = new Dnc({ ...TINY, memory: { links: false } });
    const { trace } = unroll(core, normal<tf.Rank.R3>([TIME, 2, 3], 1), undefined, { trace: true });
    const absent = ["link", "precedenceWeights", "forwardWeights", "backwardWeights", "readMode"];
    const variants = ["writeMasks", "readMasks", "forwardSharpness", "backwardSharpness"];
    expect(Object.keys(trace).sort()).toEqual(
      QUANTITIES.filter((name) => ![...absent, ...variants].includes(name)).sort(),
    );
    expect(trace.readWeights).toBeAllClose(trace.readContentWeights);
  });

  it("has a type for each quantity", () => {
    expectTypeOf<DncTrace["usage"]>().toEqualTypeOf<tf.Tensor3D>();
    expectTypeOf<DncTrace["readWeights"]>().toEqualTypeOf<tf.Tensor4D>();
    expectTypeOf<DncTrace["link"]>().toEqualTypeOf<tf.Tensor5D | undefined>();
    const core = new Dnc(TINY);
    const inputs = tf.zeros<tf.Rank.R3>([1, 1, 3]);
    expectTypeOf(unroll(core, inputs, undefined, { trace: true }).trace).toEqualTypeOf<DncTrace>();
    expectTypeOf(unroll(core, inputs)).not.toHaveProperty("trace");
  });
});

describe("serializeTrace", () => {
  it("can be converted to JSON and back, bit for bit and in the order of TRACE_DIMENSIONS", async () => {
    const { trace } = traced();
    const data: TraceData = JSON.parse(JSON.stringify(await serializeTrace(trace)));
    expect([data.format, data.version, Object.keys(data.quantities)]).toEqual(["dnc-trace", 1, QUANTITIES]);
    for (const name of QUANTITIES) {
      const { dimensions, shape, data: numbers } = data.quantities[name];
      expect(dimensions).toEqual(TRACE_DIMENSIONS[name]);
      expect(shape).toEqual(trace[name].shape);
      expect(bitsOf([tf.tensor(numbers as number[], shape as number[])]), name).toEqual(bitsOf([trace[name]]));
    }
  });

  it("refuses an invalid trace", async () => {
    await expect(serializeTrace(undefined as never)).rejects.toThrow(
      new TypeError("trace: expected an object, got undefined"),
    );
    await expect(serializeTrace({} as never)).rejects.toThrow(
      new TypeError("trace.memory: expected a tensor [time, batch, slots, wordSize], got undefined"),
    );
  });

  it("does not dispose the trace and creates no tensors", async () => {
    const { trace } = traced();
    const before = tf.memory().numTensors;
    await serializeTrace(trace);
    expect(tf.memory().numTensors).toBe(before);
    expect(tensorsIn(trace).some((tensor) => tensor.isDisposed)).toBe(false);
  });
});
