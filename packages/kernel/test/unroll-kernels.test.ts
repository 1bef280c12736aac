import { Dnc } from "@dnc/core";
import { mapState, networkSizes, UNROLL_STATE } from "@dnc/core/engine";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { stateWidths } from "../src/state.js";
import { createUnrollKernels } from "../src/unroll-kernels.js";
import { FakeHost, type FakeNetwork } from "./fake-host.js";

const core = new Dnc({ inputSize: 3, outputSize: 2, memorySize: 4, wordSize: 3, readHeads: 2, hiddenSize: 5, seed: 1 });
const sizes = networkSizes(core.config);
const [T, B] = [3, 2];

beforeAll(() => tf.setBackend("cpu"));

/** Runs the kernels on a fake host; returns what they gave. */
function setUp() {
  const host = new FakeHost();
  const kernels = createUnrollKernels(
    () => host,
    () => 3,
  );
  const backend = tf.backend() as tf.KernelBackend & { write: never };
  const widths = stateWidths(sizes);
  const given = {
    inputs: tf.ones([T, B, 3], "int32"),
    inputMask: undefined,
    initialState: mapState((name) => tf.fill([B, widths[name]], UNROLL_STATE.indexOf(name))),
    parameters: core.variables.map(({ variable }) => variable),
  } as never;
  const read = ({ dataId }: tf.TensorInfo) => Array.from(backend.readSync(dataId) as Float32Array);
  return { host, kernels, backend, given, read };
}

describe("the unroll kernels of any host", () => {
  it("copy what a run needs, also from a tensor of integers, and read results by the strides of the plan", () => {
    const { host, kernels, backend, given, read } = setUp();
    const { logits, finalState } = kernels.forward(given, { sizes, backend, saveForBackward: true } as never);
    const [network] = host.networks as [FakeNetwork];
    expect(host.threads).toBe(3);
    expect(network.shape).toEqual({ timeSteps: T, batchSize: B, maxThreads: 3, history: true, training: false });
    expect(Array.from(network.array("inputs").subarray(0, 18))).toEqual(new Array(18).fill(1));
    const words = UNROLL_STATE.indexOf("readWords");
    expect(Array.from(network.array("carried").subarray(3, 9))).toEqual(new Array(6).fill(words));
    expect(Array.from(network.array("carried").subarray(0, 3))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(read(logits)).toHaveLength(T * B * 2);
    expect(read(finalState.memory)).toHaveLength(B * 12);
  });

  it("compute the gradient from the saved run, and run again if another run came in between", () => {
    const { host, kernels, backend, given, read } = setUp();
    const commands: string[] = [];
    const options = { sizes, backend, saveForBackward: true } as never;
    const { logits } = kernels.forward(given, options);
    const widths = stateWidths(sizes);
    const finalState = mapState((name) => tf.fill([B, widths[name]], UNROLL_STATE.indexOf(name)));
    const [network] = host.networks as [FakeNetwork];
    network.onRun = (command) => {
      commands.push(command);
      network.array("dInputs").fill(9);
      network.array("gradients").forEach((_, index, all) => {
        all[index] = index;
      });
    };
    const gradients = { logits: tf.fill([T, B, 2], 5), finalState } as never;
    const back = kernels.backward(given, gradients, options);
    expect(commands).toEqual(["backward"]);
    expect(Array.from(network.array("dLogits").subarray(0, 8))).toEqual([5, 5, 0, 0, 5, 5, 0, 0]);
    const row = (T % 2) * B * network.get("carryPad"); // of the part that the last step reads
    const words = UNROLL_STATE.indexOf("readWords");
    expect(Array.from(network.array("dCarried").subarray(row + 3, row + 9))).toEqual(new Array(6).fill(words));
    expect(read(back.inputs)).toEqual(new Array(18).fill(9));
    const flat = back.parameters.flatMap((tensor) => read(tensor as tf.TensorInfo));
    expect(flat).toEqual(Array.from(flat, (_, index) => index));
    kernels.backward(given, gradients, options);
    expect(commands).toEqual(["backward", "forward", "backward"]);
    expect(host.networks).toHaveLength(1);
    expect(read(logits)).toHaveLength(T * B * 2);
  });
});
