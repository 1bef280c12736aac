/** Compares gradients through three steps with central differences of the definition in double precision. */
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import type { AccessState, MemoryAccess } from "../src/index.js";
import { dot, fieldsOf, type Nested, slopes, toTensors, uniform } from "./numbers.js";
import { type AccessConfig, randomAccess, setVariable } from "./random-access.js";
import { type ReferenceParameters, type ReferenceState, referenceStep } from "./reference.js";
import { VARIANTS } from "./variants.js";

const SMALL = { inputSize: 3, memorySize: 4, wordSize: 3, readHeads: 2, writeHeads: 2 };
const BATCH = 2;
const STEPS = [0, 1, 2];

describe("MemoryAccess", () => {
  it.each([
    ["one head each", { readHeads: 1, writeHeads: 1 }],
    ["several heads", {}],
    ["one slot", { memorySize: 1, wordSize: 1 }],
  ])("has the gradients of central differences to inputs, parameters and state: %s", (_name, sizes) => {
    expectGradients({ ...SMALL, ...sizes });
  });

  it.each(VARIANTS)("has the gradients of central differences with variants: %s", (_name, variants) => {
    expectGradients({ ...SMALL, ...variants });
  });

  it("has the gradients of central differences where gates are exactly 0 and 1", () => {
    const biases = {
      write_gate: [200, 200],
      allocation_gate: [200, -200],
      free_gate: [200, -200],
      erase_vectors: [200, -200, 200, 200, 200, -200],
    };
    expectGradients(SMALL, (access, parameters) => {
      for (const [layer, bias] of Object.entries(biases)) {
        parameters[layer].b = bias;
        setVariable(access, `${layer}/b`, bias);
      }
    });
  });

  it("has a gradient of exactly zero to the write weights of the step before", () => {
    const { access, start } = randomAccess(SMALL, BATCH, 1);
    const inputs = tf.tensor2d(uniform<number[][]>([BATCH, 3], 2));
    const state = toTensors(start);
    const gradient = tf.grad((writeWeights) => {
      const step = access.step(inputs, { ...state, writeWeights: writeWeights as tf.Tensor3D });
      return tf.add(tf.sum(tf.square(step.output)), tf.sum(step.state.usage));
    })(state.writeWeights);
    expect(gradient.dataSync().every((slope) => slope === 0)).toBe(true);
  });
});

/** Compares the gradients of a random weighting of all outputs and of the last state. */
function expectGradients(
  config: AccessConfig,
  adjust?: (access: MemoryAccess, parameters: ReferenceParameters) => void,
): void {
  const { access, parameters, start } = randomAccess(config, BATCH, 3);
  adjust?.(access, parameters);
  const inputs = STEPS.map((step) => uniform<number[][]>([BATCH, config.inputSize], 900 + step, -1));
  const stateTensors = fieldsOf<tf.Tensor>(toTensors(start));
  const outputWeights = STEPS.map((step) =>
    uniform<Nested>([BATCH, config.readHeads, config.wordSize], 910 + step, -1),
  );
  const stateWeights = Object.values(stateTensors).map(({ shape }, field) =>
    shape.includes(0) ? [] : uniform<Nested>(shape, 920 + field, -1),
  );

  const numbers: Record<string, Nested> = {
    ...fieldsOf<Nested>(start),
    ...Object.fromEntries(inputs.entries()),
    ...byVariable(access, parameters),
  };
  const tensors = [...Object.values(stateTensors), ...inputs.map((x) => tf.tensor2d(x))];
  const variables = access.variables.map(({ variable }) => variable);

  const { value, grads } = tf.valueAndGrads((...all: tf.Tensor[]) => {
    const [memory, readWeights, writeWeights, link, precedenceWeights, usage] = all as never[];
    let state: AccessState = { memory, readWeights, writeWeights, linkage: { link, precedenceWeights }, usage };
    const terms: tf.Tensor[] = [];
    for (const step of STEPS) {
      const next = access.step(all[6 + step] as tf.Tensor2D, state);
      terms.push(tf.sum(tf.mul(next.output, tf.tensor(outputWeights[step] as number[]))));
      state = next.state;
    }
    for (const [field, tensor] of Object.values(fieldsOf<tf.Tensor>(state)).entries())
      terms.push(
        tensor.size === 0
          ? tf.sum(tensor) // 0, with a gradient of no elements
          : tf.sum(tf.mul(tensor, tf.tensor(stateWeights[field] as number[]))),
      );
    return tf.addN(terms);
  })([...tensors, ...variables]);

  // No gradient flows into the write weights that usage is computed from, so they are those of the first run.
  const usageWrites: ReferenceState["writeWeights"][] = [];
  const reference = () => {
    let state = start;
    let total = 0;
    for (const step of STEPS) {
      usageWrites[step] ??= structuredClone(state.writeWeights);
      const next = referenceStep(parameters, inputs[step], state, config, usageWrites[step]);
      total += dot(next.output, outputWeights[step]);
      state = next.state;
    }
    return total + dot(Object.values(fieldsOf<Nested>(state)), stateWeights);
  };
  expect(value).toBeAllClose([reference()], { absolute: 1e-5 });

  const names = [...Object.keys(stateTensors), ...STEPS.map(String), ...access.variables.map(({ name }) => name)];
  expect(grads).toHaveLength(names.length);
  for (const [index, name] of names.entries()) {
    if (grads[index].size === 0) continue;
    const numeric = slopes(reference, numbers[name] as Nested[]);
    expect(grads[index], name).toBeAllClose(tf.tensor(numeric as number[]), { absolute: 2e-5, relative: 1e-4 });
  }
}

/** Returns the same arrays by the names of the variables. */
function byVariable(access: MemoryAccess, parameters: ReferenceParameters): Record<string, Nested> {
  const entries = access.variables.map(({ name }) => {
    const [, layer, kind] = name.split("/") as [string, string, "w" | "b"];
    return [name, parameters[layer][kind]];
  });
  return Object.fromEntries(entries);
}
