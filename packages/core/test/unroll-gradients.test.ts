import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import type { DncState } from "../src/dnc-state.js";
import { unflattenNested } from "../src/state.js";
import { unroll } from "../src/unroll.js";
import { gradientsOf, objective, type Run } from "./gradients.js";
import { CONTROLLERS, normal, randomState, stepByHand, TINY, tensorsIn, variableOf } from "./support.js";

describe("unroll's gradients", () => {
  it.each(CONTROLLERS)("to parameters, inputs and initial state are those of a manual loop: %s", (controller) => {
    const core = new Dnc({ ...TINY, controller, writeHeads: 2 });
    const [inputs, state] = [normal<tf.Rank.R3>([4, 3, 3], 1), randomState(core, 3)];
    const [byHand, unrolled] = [stepByHand, unroll as Run].map((run) => gradientsOf(core, run, inputs, state));
    expect(unrolled.length).toBe(core.variables.length + 1 + tensorsIn(state).length);
    for (const [index, gradient] of unrolled.entries())
      expect(gradient).toBeAllClose(byHand[index], { relative: 1e-4 });
  });

  it.each([
    [1, 1],
    [1, 2],
    [3, 1],
  ])("exist for %i steps of %i sequences", (time, batch) => {
    const core = new Dnc(TINY);
    const [inputs, state] = [normal<tf.Rank.R3>([time, batch, 3], 1), randomState(core, batch)];
    const [byHand, unrolled] = [stepByHand, unroll as Run].map((run) => gradientsOf(core, run, inputs, state));
    for (const [index, gradient] of unrolled.entries())
      expect(gradient).toBeAllClose(byHand[index], { relative: 1e-4 });
  });

  // The previous write weights are a constant to the usage, by definition: one step tests all other paths, and several
  // steps test all that do not go through the allocation.
  it.each([1, 2])("of one step agree with central differences, with %i write heads", (writeHeads) => {
    const core = new Dnc({ ...TINY, writeHeads });
    const state = randomState(core, 2);
    const constant = state.access.writeWeights;
    for (const { name, analytic, numeric } of derivatives(core, normal<tf.Rank.R3>([1, 2, 3], 1), state, { constant }))
      expect(analytic, name).toBeAllClose(numeric, { absolute: 2e-4, relative: 1e-3 });
  });

  it.each([1, 2])("of three steps too if nothing is written by allocation, with %i write heads", (writeHeads) => {
    const core = new Dnc({ ...TINY, writeHeads });
    const [weights, biases] = ["w", "b"].map((part) => variableOf(core, `dnc/memory_access/allocation_gate/${part}`));
    weights.assign(tf.zerosLike(weights));
    biases.assign(tf.fill(biases.shape, -40));
    const [inputs, state] = [normal<tf.Rank.R3>([3, 1, 3], 1), randomState(core, 1)];
    for (const { name, analytic, numeric } of derivatives(core, inputs, state, { usage: false }))
      expect(analytic, name).toBeAllClose(numeric, { absolute: 2e-4, relative: 1e-3 });
  });
});

/**
 * Computes derivatives of the objective along a random direction of each variable, the inputs and each tensor of the
 * state.
 */
function derivatives(
  core: Dnc,
  inputs: tf.Tensor3D,
  state: DncState,
  { constant, usage = true }: { constant?: tf.Tensor; usage?: boolean },
): { name: string; analytic: number; numeric: number }[] {
  const gradients = gradientsOf(core, unroll, inputs, state, usage);
  const variables = core.variables.map(({ variable }) => variable);
  const points = [...variables, ...tensorsIn([inputs, state])];
  const valueAt = (index: number, point: tf.Tensor) =>
    tf.tidy(() => {
      const [inputsThere, ...stateThere] = points.with(index, point).slice(variables.length);
      const before = tf.clone(points[index]);
      if (index < variables.length) variables[index].assign(point);
      const run = unroll(core, inputsThere as tf.Tensor3D, unflattenNested(state, stateThere) as DncState);
      if (index < variables.length) variables[index].assign(before);
      return objective(run, usage).dataSync()[0];
    });
  return points.flatMap((point, index) => {
    if (point === constant) return [];
    const random = normal(point.shape as [number], 1000 + index);
    const direction = tf.div(random, tf.norm(random));
    const slope = (distance: number) => {
      const [ahead, behind] = [distance, -distance].map((by) => valueAt(index, tf.add(point, tf.mul(direction, by))));
      return (ahead - behind) / (2 * distance);
    };
    // Richardson's extrapolation: the error decreases with the fourth power of the distance, which must be large for
    // float32.
    const numeric = (4 * slope(0.02) - slope(0.04)) / 3;
    const analytic = tf.sum(tf.mul(gradients[index], direction)).dataSync()[0];
    return [{ name: core.variables[index]?.name ?? `input or state ${index - variables.length}`, analytic, numeric }];
  });
}
