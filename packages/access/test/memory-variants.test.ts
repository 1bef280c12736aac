/** What the variants change of a memory's results and state. Their values: `memory-access.test.ts`; gradients: `gradients.test.ts`. */
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { MemoryAccess } from "../src/index.js";
import { fieldsOf } from "./numbers.js";
import { setVariable } from "./random-access.js";

const SMALL = { inputSize: 3, memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2 };

describe("a memory with variants", () => {
  it.each([
    ["masking", { masking: true }, 24, 22 + 2],
    ["sharpness", { sharpness: true }, 24, 22 + 2],
    ["no links", { links: false }, 18, 22 - 3],
    ["all with links", { masking: true, deallocation: true, sharpness: true }, 28, 22 + 4],
  ])("creates only its results with the variant %s", (_name, variant, variables, traced) => {
    const access = new MemoryAccess({ ...SMALL, ...variant });
    expect(access.variables).toHaveLength(variables);
    const [inputs, state] = [tf.ones<tf.Rank.R2>([2, 3]), access.initialState(2)];
    const before = tf.memory().numTensors;
    const step = access.step(inputs, state);
    expect(tf.memory().numTensors).toBe(before + 7);
    tf.dispose(step);
    tf.dispose(access.step(inputs, state, { trace: true }));
    const { value, grads } = tf.variableGrads(() => tf.sum(access.step(inputs, state).output) as tf.Scalar);
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    const { trace } = access.step(inputs, state, { trace: true });
    expect(tf.memory().numTensors).toBe(before + traced);
    expect(Object.keys(trace ?? {})).toHaveLength(traced - 7);
    expect(Object.values(fieldsOf<tf.Tensor>(state)).some((tensor) => tensor.isDisposed)).toBe(false);
  });

  it("without links has a state of empty linkage, and refuses one with links", () => {
    const [linked, unlinked] = [new MemoryAccess(SMALL), new MemoryAccess({ ...SMALL, links: false })];
    const { linkage } = unlinked.step(tf.ones([2, 3]), unlinked.initialState(2)).state;
    expect([linkage.link.shape, linkage.precedenceWeights.shape]).toEqual([
      [2, 2, 0, 0],
      [2, 2, 0],
    ]);
    expect(() => unlinked.step(tf.ones([2, 3]), linked.initialState(2))).toThrow(
      new RangeError("state.linkage.link: expected [2, 2, 0, 0], got [2, 2, 4, 4]"),
    );
    expect(() => linked.step(tf.ones([2, 3]), unlinked.initialState(2))).toThrow(
      new RangeError("state.linkage.link: expected [2, 2, 4, 4], got [2, 2, 0, 0]"),
    );
  });

  it("erases with de-allocation the slots that were read and freed", () => {
    const access = new MemoryAccess({ ...SMALL, readHeads: 1, deallocation: true });
    for (const { variable } of access.variables) variable.assign(tf.zerosLike(variable));
    setVariable(access, "free_gate/b", [50]);
    setVariable(access, "write_gate/b", [-50, -50]);
    const state = { ...access.initialState(1), memory: tf.ones<tf.Rank.R3>([1, 4, 3]) };
    const step = access.step(tf.ones([1, 3]), { ...state, readWeights: tf.tensor3d([[[1, 0, 0.5, 0]]]) });
    const rows = tf.mean(step.state.memory, 2);
    expect(rows).toBeAllClose([0, 1, 0.5, 1]);
  });
});
