import { type DncState, unroll } from "@dnc/core";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WasmTrainer } from "../src/index.js";
import { Network } from "../src/network.js";
import { composed, Dnc, distance, makeBatch, makeState, normal, TINY } from "./support.js";

const runs = vi.spyOn(Network.prototype, "run");
const commands = () => runs.mock.calls.map(([command]) => command);

beforeEach(() => {
  runs.mockClear();
});
afterEach(() => {
  runs.mockClear();
});

type Run = typeof composed;
const sequence = (time: number, seed: number) => normal([time, 3, 3], seed) as tf.Tensor3D;

/** Checks that the gradients to all variables of some networks, and the value, agree on both paths. */
function check(cores: readonly Dnc[], objective: (run: Run) => tf.Tensor): void {
  const variables = cores.flatMap((core) => core.variables.map(({ variable }) => variable));
  const initial = variables.map((variable) => tf.clone(variable));
  const [fused, reference] = [unroll as Run, composed].map((run) => {
    for (const [index, variable] of variables.entries()) variable.assign(initial[index]);
    const { value, grads } = tf.variableGrads(() => objective(run) as tf.Scalar, variables);
    const gradients = variables.map(({ name }, index) => [`${index}`, grads[name]] as const);
    return new Map<string, tf.Tensor>([["value", value], ...gradients]);
  });
  const { name, difference } = distance(fused, reference);
  expect(difference, name).toBeLessThan(2e-5);
}

const sumOf = ({ outputs, finalState }: { outputs: tf.Tensor; finalState: DncState }) =>
  tf.add(tf.sum(tf.square(outputs)), tf.sum(finalState.readWords));

describe("the backward pass", () => {
  it("uses the steps that the forward pass has saved", () => {
    const core = new Dnc(TINY);
    check([core], (run) => sumOf(run(core, sequence(4, 1))));
    expect(commands()).toEqual(["forward", "backward"]);
  });

  it("runs a sequence again if its steps have been overwritten", () => {
    const core = new Dnc(TINY);
    check([core], (run) => tf.add(sumOf(run(core, sequence(4, 1))), sumOf(run(core, sequence(2, 2)))));
    expect(commands()).toEqual(["forward", "forward", "backward", "forward", "backward"]);
  });

  it("is right through a chain of sequences and of states", () => {
    const core = new Dnc(TINY);
    check([core], (run) => {
      const first = run(core, sequence(2, 1), makeState(core, 3, "random", 1));
      const second = run(core, sequence(3, 2), first.finalState);
      const third = run(core, sequence(2, 3), second.finalState);
      return tf.addN([first, second, third].map(sumOf));
    });
  });

  it("is right for the same sequence twice", () => {
    const core = new Dnc(TINY);
    const inputs = sequence(3, 1);
    check([core], (run) => tf.mul(sumOf(run(core, inputs)), sumOf(run(core, inputs))));
  });

  it("is right for two networks of the same sizes in turn", () => {
    const cores = [1, 2].map((seed) => new Dnc({ ...TINY, seed }));
    const inputs = sequence(3, 1);
    check(cores, (run) => tf.mul(sumOf(run(cores[0], inputs)), sumOf(run(cores[1], inputs))));
  });

  it("is right for more networks than the cache holds", () => {
    const cores = [1, 2, 3, 4, 5, 6].map((hiddenSize) => new Dnc({ ...TINY, hiddenSize }));
    check(cores, (run) => tf.addN(cores.map((core) => sumOf(run(core, sequence(2, 1))))));
  });

  it("is right while another network trains and a third only predicts", () => {
    const [core, other] = [1, 2].map((seed) => new Dnc({ ...TINY, seed }));
    const training = new WasmTrainer(new Dnc(TINY));
    training.step(makeBatch(4, 3, 1));
    check([core], (run) => {
      const result = sumOf(run(core, sequence(4, 1)));
      training.step(makeBatch(5, 2, 2));
      run(other, sequence(2, 2));
      return result;
    });
    training.dispose();
  });

  it("uses the parameters of the forward pass, even if they have changed since", () => {
    const core = new Dnc(TINY);
    const change = () => {
      for (const { variable } of core.variables) variable.assign(tf.mul(variable, 1.5));
    };
    const changedAfter = (run: Run, inputs: tf.Tensor3D) => {
      const result = sumOf(run(core, inputs));
      change();
      return result;
    };
    check([core], (run) => changedAfter(run, sequence(3, 1)));
    check([core], (run) => tf.add(changedAfter(run, sequence(3, 1)), changedAfter(run, sequence(2, 2))));
  });

  it("runs a new forward pass for each gradient", () => {
    const core = new Dnc(TINY);
    const gradient = () => tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D).outputs))(sequence(3, 1));
    const [first, second] = [gradient(), gradient()];
    expect(Array.from(second.dataSync())).toEqual(Array.from(first.dataSync()));
  });
});

describe("the forward pass", () => {
  it("saves no steps that no gradient needs", () => {
    const prepare = vi.spyOn(Network.prototype, "prepare");
    const core = new Dnc(TINY);
    unroll(core, sequence(3, 1));
    tf.grad((x) => tf.sum(unroll(core, x as tf.Tensor3D).outputs))(sequence(3, 1));
    expect(prepare.mock.calls.map(([{ history }]) => history)).toEqual([false, true]);
    prepare.mockRestore();
  });
});
