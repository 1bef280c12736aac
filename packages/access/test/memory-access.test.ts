import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AccessState, type AccessStep, MemoryAccess } from "../src/index.js";
import { fieldsOf, toTensors, uniform } from "./numbers.js";
import { type AccessConfig, randomAccess, setVariable } from "./random-access.js";
import { type ReferenceStep, referenceStep } from "./reference.js";
import { VARIANTS, variants } from "./variants.js";

const RUNS = { seed: 1, numRuns: 15 };
const SMALL = { inputSize: 3, memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2 };
const ALL = [["none", {}] as const, ...VARIANTS];
const CLOSE = { absolute: 1e-5, relative: 1e-5 };

const sizes = fc.record({
  inputSize: fc.integer({ min: 1, max: 5 }),
  memorySize: fc.integer({ min: 1, max: 6 }),
  wordSize: fc.integer({ min: 1, max: 4 }),
  readHeads: fc.integer({ min: 1, max: 3 }),
  writeHeads: fc.integer({ min: 1, max: 3 }),
});
const configs: fc.Arbitrary<AccessConfig> = fc
  .tuple(sizes, variants)
  .map(([size, variant]) => ({ ...size, ...variant }));

describe("step", () => {
  it("agrees with the definition in plain numbers over several steps, for any sizes and variants", () => {
    fc.assert(
      fc.property(configs, fc.integer({ min: 1, max: 3 }), fc.nat(1000), (config, batch, seed) => {
        const { access, parameters, start } = randomAccess(config, batch, seed);
        let [state, expected] = [toTensors(start), start];
        for (const step of [0, 1, 2]) {
          const inputs = uniform<number[][]>([batch, config.inputSize], seed + 70 + step, -1, 1);
          const computed = access.step(tf.tensor2d(inputs), state, { trace: true });
          const reference = referenceStep(parameters, inputs, expected, config);
          expectStep(computed, reference);
          [state, expected] = [computed.state, reference.state];
        }
      }),
      { ...RUNS, numRuns: 40 },
    );
  });

  it("reads what it wrote: a word written with all gates open is read by its key", () => {
    const access = new MemoryAccess({ inputSize: 1, memorySize: 3, wordSize: 2, readHeads: 1 });
    const word = [0.6, -0.8];
    for (const { variable } of access.variables) variable.assign(tf.zerosLike(variable));
    setVariable(access, "write_vectors/b", word);
    for (const gate of ["write_gate", "allocation_gate"]) setVariable(access, `${gate}/b`, [50]);
    setVariable(access, "read_keys/b", word);
    setVariable(access, "read_strengths/b", [50]);
    setVariable(access, "read_mode/b", [0, 0, 50]);
    const { output, state } = access.step(tf.ones([1, 1]), access.initialState(1));
    expect(output).toBeAllClose(tf.tensor3d([[word]]), { absolute: 1e-4 });
    expect(tf.slice(state.memory, [0, 0, 0], [1, 1, 2])).toBeAllClose(tf.tensor3d([[word]]), { absolute: 1e-4 });
    expect(state.readWeights).toBeAllClose(tf.tensor3d([[[1, 0, 0]]]), { absolute: 1e-4 });
  });

  it("does not depend on the order of slots", () => {
    fc.assert(
      fc.property(configs, fc.nat(1000), (config, seed) => {
        const { access, start } = randomAccess(config, 2, seed);
        const inputs = tf.tensor2d(uniform<number[][]>([2, config.inputSize], seed + 70, -1, 1));
        const step = access.step(inputs, toTensors(start));
        const reversed = access.step(inputs, reverseSlots(toTensors(start)));
        expect(reversed.output).toBeAllClose(step.output, CLOSE);
        expectState(reversed.state, fieldsOf<tf.Tensor>(reverseSlots(step.state)));
      }),
      RUNS,
    );
  });

  it("stays in bounds from an empty memory, even with ties", () => {
    fc.assert(
      fc.property(configs, fc.nat(1000), (config, seed) => {
        const { access } = randomAccess(config, 2, seed);
        let state = access.initialState(2);
        for (let step = 0; step < 8; step++)
          state = access.step(tf.tensor2d(uniform([2, config.inputSize], seed + step + 1, -9, 9)), state).state;
        expectBounds(state);
      }),
      RUNS,
    );
  });

  it.each([1, -1])(
    "stays finite and in bounds over many steps when all gates are saturated, gradients too (%d)",
    (sign) => {
      const { access } = randomAccess({ ...SMALL, inputSize: 1 }, 1, 5);
      for (const { name, variable } of access.variables)
        if (/gate|erase|mode|strengths/.test(name)) tf.tidy(() => variable.assign(tf.mul(300 * sign, variable)));
      const run = (inputs: tf.Tensor) => {
        let state = access.initialState(1);
        let total: tf.Tensor = tf.scalar(0);
        for (let step = 0; step < 12; step++) {
          const x = tf.mul(step % 3 === 0 ? -1 : 1, inputs) as tf.Tensor2D;
          const next = access.step(x, state);
          total = tf.add(total, tf.sum(tf.square(next.output)));
          state = next.state;
        }
        expectBounds(state);
        return total as tf.Scalar;
      };
      const inputs = tf.ones([1, 1]);
      expect(Number.isFinite(run(inputs).dataSync()[0])).toBe(true);
      const variables = access.variables.map(({ variable }) => variable);
      const { grads } = tf.variableGrads(() => run(inputs), variables);
      for (const gradient of Object.values(grads)) expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
    },
  );

  it("stays finite where rounding has pushed a usage out of [0, 1]", () => {
    const { access, start } = randomAccess(SMALL, 1, 6);
    const state = { ...toTensors(start), usage: tf.tensor2d([[-1e-6, 1 + 2e-7, -1e-5, 0.5]]) };
    const inputs = tf.tensor2d(uniform<number[][]>([1, 3], 7));
    const { value, grad } = tf.valueAndGrad((x) => tf.sum(access.step(x as tf.Tensor2D, state).output))(inputs);
    expect([...value.dataSync(), ...grad.dataSync()].every(Number.isFinite)).toBe(true);
  });

  it.each(ALL)("returns with `trace` the values that the step used, and the same result: %s", (_name, variant) => {
    const { access, start } = randomAccess({ ...SMALL, ...variant }, 2, 8);
    const inputs = tf.tensor2d(uniform<number[][]>([2, 3], 9));
    const plain = access.step(inputs, toTensors(start));
    const { trace, ...traced } = access.step(inputs, toTensors(start), { trace: true });
    expect(Object.keys(plain)).toEqual(["output", "state"]);
    expectState(traced.state, fieldsOf<tf.Tensor>(plain.state), { absolute: 0, relative: 0 });
    expect(traced.output).toBeAllClose(plain.output, { absolute: 0, relative: 0 });
    const controls = access.interfaceParameters(inputs);
    for (const [name, control] of Object.entries(controls) as [string, tf.Tensor][])
      expect(trace?.[name as keyof typeof controls]).toBeAllClose(control, { absolute: 0, relative: 0 });
  });

  it.each(ALL)("gives the same results and gradients with weights that were prepared before: %s", (_name, variant) => {
    const { access, start } = randomAccess({ ...SMALL, ...variant }, 2, 10);
    const inputs = tf.tensor2d(uniform<number[][]>([2, 3], 11));
    const run = (isPrepared: boolean) =>
      tf.variableGrads(() => {
        const { output } = access.step(
          inputs,
          toTensors(start),
          isPrepared ? { prepared: access.prepareWeights() } : {},
        );
        return tf.sum(tf.square(output)) as tf.Scalar;
      });
    const [prepared, unprepared] = [run(true), run(false)];
    expect(prepared.value).toBeAllClose(unprepared.value, { absolute: 0, relative: 0 });
    expect(Object.keys(prepared.grads)).toHaveLength(access.variables.length);
    for (const [name, gradient] of Object.entries(prepared.grads))
      expect(gradient).toBeAllClose(unprepared.grads[name], { absolute: 0, relative: 0 });
  });

  it("uses the weights that were prepared, not the variables", () => {
    const { access, start } = randomAccess(SMALL, 2, 10);
    const inputs = tf.tensor2d(uniform<number[][]>([2, 3], 11));
    const [prepared, { output }] = [access.prepareWeights(), access.step(inputs, toTensors(start))];
    for (const { variable } of access.variables) variable.assign(tf.zerosLike(variable));
    expect(access.step(inputs, toTensors(start), { prepared }).output).toBeAllClose(output);
    expect(access.step(inputs, toTensors(start)).output).not.toBeAllClose(output);
  });

  it("creates only the tensors of output and state, with `trace` 15 more, and does not change its arguments", () => {
    const { access, start } = randomAccess(SMALL, 2, 12);
    const [inputs, state] = [tf.ones<tf.Rank.R2>([2, 3]), toTensors(start)];
    const before = tf.memory().numTensors;
    const prepared = access.prepareWeights();
    expect(tf.memory().numTensors).toBe(before + 2);
    for (const [options, tensors] of [
      [{}, 7],
      [{ prepared }, 7],
      [{ trace: true }, 22],
    ] as const) {
      const step = access.step(inputs, state, options);
      expect(tf.memory().numTensors).toBe(before + 2 + tensors);
      tf.dispose(step);
    }
    tf.dispose(prepared);
    const { value, grads } = tf.variableGrads(() => tf.sum(access.step(inputs, state).output) as tf.Scalar);
    expect(tf.memory().numTensors).toBe(before + 1 + 20);
    tf.dispose([value, grads]);
    expect(tf.memory().numTensors).toBe(before);
    const inputsLeft = [inputs, ...Object.values(fieldsOf<tf.Tensor>(state))];
    expect(inputsLeft.some((tensor) => tensor.isDisposed)).toBe(false);
  });

  it("rejects invalid inputs, state and options by name, before creating any tensor", () => {
    const { access, start } = randomAccess(SMALL, 2, 13);
    const other = randomAccess({ ...SMALL, wordSize: 2 }, 2, 14).access.prepareWeights();
    const [inputs, state] = [tf.ones([2, 3]), toTensors(start)];
    const wrong = tf.ones([2]);
    const before = tf.memory().numTensors;
    const step = access.step.bind(access) as (...args: unknown[]) => unknown;
    const cases: [() => unknown, Error][] = [
      [() => step(wrong, state), new RangeError("inputs: expected [batch, 3], got [2]")],
      [() => step(undefined, state), new TypeError("inputs: expected a tensor [batch, 3], got undefined")],
      [() => access.interfaceParameters(wrong as never), new RangeError("inputs: expected [batch, 3], got [2]")],
      [() => step(inputs, undefined), new TypeError("state.memory: expected a tensor [2, 4, 3], got undefined")],
      [() => step(inputs, { ...state, memory: wrong }), new RangeError("state.memory: expected [2, 4, 3], got [2]")],
      [
        () => step(inputs, { ...state, readWeights: wrong }),
        new RangeError("state.readWeights: expected [2, 2, 4], got [2]"),
      ],
      [
        () => step(inputs, { ...state, writeWeights: wrong }),
        new RangeError("state.writeWeights: expected [2, 2, 4], got [2]"),
      ],
      [
        () => step(inputs, { ...state, linkage: { ...state.linkage, link: wrong } }),
        new RangeError("state.linkage.link: expected [2, 2, 4, 4], got [2]"),
      ],
      [
        () => step(inputs, { ...state, linkage: { ...state.linkage, precedenceWeights: wrong } }),
        new RangeError("state.linkage.precedenceWeights: expected [2, 2, 4], got [2]"),
      ],
      [
        () => step(inputs, { ...state, linkage: undefined }),
        new TypeError("state.linkage.link: expected a tensor [2, 2, 4, 4], got undefined"),
      ],
      [() => step(inputs, { ...state, usage: wrong }), new RangeError("state.usage: expected [2, 4], got [2]")],
      [
        () => step(inputs, state, { traces: true }),
        new TypeError('unknown option key "traces"; expected one of prepared, trace'),
      ],
      [
        () => step(inputs, state, { prepared: other }),
        new RangeError("prepared.weights: expected [3, 44], got [3, 36]"),
      ],
      [
        () => step(inputs, state, { prepared: {} }),
        new TypeError("prepared.weights: expected a tensor [3, 44], got undefined"),
      ],
    ];
    for (const [call, error] of cases) expect(call).toThrow(error);
    expect(tf.memory().numTensors).toBe(before);
  });
});

function expectStep(computed: AccessStep, expected: ReferenceStep): void {
  expect(computed.output).toBeAllClose(tf.tensor3d(expected.output), CLOSE);
  expectState(computed.state, fieldsOf<tf.Tensor>(toTensors(expected.state)));
  expect(Object.keys(computed.trace ?? {}).sort()).toEqual(Object.keys(expected.trace).sort());
  for (const [name, tensor] of Object.entries(computed.trace ?? {}))
    expect(tensor, name).toBeAllClose(
      tf.tensor(expected.trace[name as keyof ReferenceStep["trace"]] as number[][]),
      CLOSE,
    );
}

function expectState(state: AccessState, expected: Record<string, tf.Tensor>, closeness = CLOSE): void {
  for (const [name, tensor] of Object.entries(fieldsOf<tf.Tensor>(state)))
    expect(tensor, name).toBeAllClose(expected[name], closeness);
}

function expectBounds({ memory, readWeights, writeWeights, linkage, usage }: AccessState): void {
  const within = (tensor: tf.Tensor, most: number) => {
    if (tensor.size === 0) return;
    expect(tensor.dataSync().every(Number.isFinite)).toBe(true);
    expect(tf.min(tensor).dataSync()[0]).toBeGreaterThanOrEqual(-1e-5);
    expect(tf.max(tensor).dataSync()[0]).toBeLessThanOrEqual(most + 1e-5);
  };
  expect(memory.dataSync().every(Number.isFinite)).toBe(true);
  within(usage, 1);
  for (const weights of [readWeights, writeWeights, linkage.precedenceWeights]) {
    within(weights, 1);
    if (weights.size > 0) within(tf.sum(weights, 2), 1);
  }
  if (linkage.link.size === 0) return;
  within(linkage.link, 1);
  within(tf.sum(linkage.link, 2), 1);
  within(tf.sum(linkage.link, 3), 1);
}

function reverseSlots({ memory, readWeights, writeWeights, linkage, usage }: AccessState): AccessState {
  const isLinked = linkage.link.size > 0;
  return {
    memory: tf.reverse(memory, 1),
    readWeights: tf.reverse(readWeights, 2),
    writeWeights: tf.reverse(writeWeights, 2),
    linkage: isLinked
      ? { link: tf.reverse(linkage.link, [2, 3]), precedenceWeights: tf.reverse(linkage.precedenceWeights, 2) }
      : linkage,
    usage: tf.reverse(usage, 1),
  };
}
