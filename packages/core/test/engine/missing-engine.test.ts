import { MemoryAccess } from "@dnc/access";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RecurrentCell } from "../../src/cell.js";
import { Dnc } from "../../src/dnc.js";
import { missingEngine } from "../../src/engine/index.js";
import { wouldCompute } from "../../src/engine/missing-engine.js";
import { LstmNetwork } from "../../src/lstm-network.js";
import type { NestedState } from "../../src/state.js";
import { unroll } from "../../src/unroll.js";
import { normal, TINY } from "../support.js";

const inputs = () => normal<tf.Rank.R3>([3, 2, 3], 1);
let warn = vi.spyOn(console, "warn");

/** Makes the CPU's backend the current one under another name, from now to the end of the test. */
async function useBackend(name: string): Promise<void> {
  tf.registerBackend(name, tf.findBackendFactory("cpu"));
  tf.copyRegisteredKernels("cpu", name);
  await tf.setBackend(name);
}

beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});

afterEach(async () => {
  vi.restoreAllMocks();
  const name = tf.getBackend();
  await tf.setBackend("cpu");
  if (name === "cpu") return;
  for (const { kernelName } of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernelName, name);
  tf.removeBackend(name);
});

it("unroll says once which import brings an engine for the backend, where one computes the network", async () => {
  await useBackend("tensorflow");
  unroll(new Dnc({ ...TINY, controller: "gru" }), inputs());
  unroll(Object.assign(new Dnc(TINY), { step: Dnc.prototype.step.bind(new Dnc(TINY)) }), inputs());
  expect(warn).not.toHaveBeenCalled();
  for (let times = 0; times < 2; times++) unroll(new Dnc(TINY), inputs());
  expect(warn.mock.calls).toEqual([
    [
      '@dnc/core: no engine for backend tensorflow: import "@dnc/engine-tfjs" to have one. It runs sequences as one op, several times faster.',
    ],
  ]);
});

it("unroll says nothing of variants and the LSTM baseline where the engine would refuse them", async () => {
  await useBackend("tensorflow");
  const networks = () => [
    new Dnc({ ...TINY, memory: { links: false } }),
    new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4 }),
    new Dnc({ ...TINY, controller: "gru" }),
  ];
  for (const network of networks()) unroll(network as RecurrentCell<NestedState>, inputs());
  expect(warn).not.toHaveBeenCalled();
});

it.each([
  ["no links", () => new Dnc({ ...TINY, memory: { links: false } }), true],
  ["a GRU", () => new Dnc({ ...TINY, controller: "gru" }), true],
  ["the LSTM baseline", () => new LstmNetwork({ inputSize: 3, outputSize: 2, hiddenSize: 4 }), true],
  ["a custom memory access", () => new Dnc({ ...TINY, access: (config) => new MemoryAccess(config) }), false],
] as [string, () => Dnc | LstmNetwork, boolean][])(
  "an engine on webgpu would compute %s, or not",
  async (_name, network, expected) => {
    await useBackend("webgpu");
    expect(wouldCompute(network().config)).toBe(expected);
  },
);

it("unroll says nothing on a backend that no engine is for", async () => {
  await useBackend("abacus");
  unroll(new Dnc(TINY), inputs());
  expect(warn).not.toHaveBeenCalled();
  expect(missingEngine()).toBe("no engine for backend abacus");
});

it.each([
  ["cpu", "@dnc/engine-wasm"],
  ["wasm", "@dnc/engine-wasm"],
  ["webgpu", "@dnc/engine-webgpu"],
  ["webgl", "@dnc/engine-tfjs"],
])("the engine for backend %s is %s", async (backend, name) => {
  if (backend !== "cpu") await useBackend(backend);
  expect(missingEngine()).toBe(`no engine for backend ${backend}: import "${name}" to have one`);
});
