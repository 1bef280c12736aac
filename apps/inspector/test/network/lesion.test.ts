import { type ControllerType, Dnc, LstmNetwork } from "@dnc/core";
import "@dnc/engine-wasm";
import type { Batch } from "@dnc/tasks";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { applyLesions } from "../../src/page/network/apply-lesions.js";
import { type ErasedSlot, type Lesions, lesionedWeights } from "../../src/page/network/lesion.js";
import { runSequence } from "../../src/page/network/run-sequence.js";
import { type Replaced, stepByStep } from "./reference.js";

const SIZES = { inputSize: 3, outputSize: 4, hiddenSize: 7, memorySize: 6, wordSize: 5, readHeads: 2 };
const TIME = 9;

/** Networks of all controllers, with one and several write heads, and with every variant of the memory. */
const NETWORKS = (["lstm", "deep-lstm", "gru", "feed-forward"] as const).flatMap((controller: ControllerType) => [
  { name: controller, controller, writeHeads: 1, memory: {} },
  { name: `${controller}, 2 write heads`, controller, writeHeads: 2, memory: {} },
  {
    ...{ name: `${controller}, variants`, controller, writeHeads: 2 },
    memory: { masking: { minimum: 0.1 }, deallocation: true, sharpness: true, initialMemory: 0.01 },
  },
  { name: `${controller}, no links`, controller, writeHeads: 1, memory: { links: false } },
]);

/** A network with weights large enough that its gates, modes and keys differ from step to step. */
function createNetwork({ name: _name, ...config }: (typeof NETWORKS)[number]): Dnc {
  const network = new Dnc({ ...SIZES, ...config, seed: 3 });
  network.variables.forEach(({ variable }, index) => {
    variable.assign(tf.tidy(() => tf.randomNormal(variable.shape, 0, 0.8, "float32", 17 + index)));
  });
  return network;
}

function randomBatch(timeSteps = TIME): Batch {
  const inputs = tf.tidy(() => tf.randomNormal([timeSteps, 2, SIZES.inputSize], 0, 1, "float32", 5));
  const targets = new Float32Array(timeSteps * 2 * SIZES.outputSize);
  const values = inputs.dataSync<"float32">().slice();
  inputs.dispose();
  return { timeSteps, batchSize: 2, inputs: values, targets, mask: new Float32Array(timeSteps * 2).fill(1) };
}

/** What each lesion is by its definition. */
const LESIONS: readonly { name: string; lesions?: Lesions; erased?: ErasedSlot; replaced: Replaced; links?: true }[] = [
  {
    ...{ name: "no links", links: true, lesions: { noLinks: true } },
    replaced: {
      parameters: (parameters) => {
        const shape = parameters.readMode?.shape as [number, number, number];
        const content = tf.oneHot(tf.fill([shape[0] * shape[1]], shape[2] - 1, "int32"), shape[2]);
        return { ...parameters, readMode: tf.reshape(tf.cast(content, "float32"), shape) as tf.Tensor3D };
      },
    },
  },
  {
    ...{ name: "no allocation", lesions: { noAllocation: true } },
    replaced: { parameters: (same) => ({ ...same, allocationGate: tf.zerosLike(same.allocationGate) }) },
  },
  { name: "read head 1 off", lesions: { readHeadsOff: [0] }, replaced: withoutHeads([0]) },
  { name: "read head 2 off", lesions: { readHeadsOff: [1] }, replaced: withoutHeads([1]) },
  { name: "both read heads off", lesions: { readHeadsOff: [0, 1] }, replaced: withoutHeads([0, 1]) },
  {
    ...{ name: "a slot erased", erased: { slot: 2, step: 4 } },
    replaced: {
      memory: (memory, step) => {
        const values = memory.arraySync();
        if (step === 4) for (const slots of values) slots[2] = new Array(SIZES.wordSize).fill(0);
        return tf.tensor3d(values);
      },
    },
  },
];

function withoutHeads(off: readonly number[]): Replaced {
  const kept = [0, 1].map((head) => (off.includes(head) ? 0 : 1));
  return {
    words: (words) => tf.mul(words, tf.reshape(tf.tensor(kept), [1, 2, 1])),
    parameters: (same) => ({ ...same, freeGate: tf.mul(same.freeGate, tf.tensor([kept])) }),
  };
}

beforeAll(() => tf.setBackend("cpu"));

describe.each(NETWORKS)("lesions of $name", (config) => {
  it.each(LESIONS.filter(({ links }) => !links || !("links" in config.memory)))(
    "$name: every output is that of the definition, and not that of the intact network",
    async ({ lesions = {}, erased, replaced }) => {
      const network = createNetwork(config);
      const batch = randomBatch();
      const inputs = tf.tensor3d(batch.inputs, [TIME, 2, SIZES.inputSize]);
      const [expected, intact] = tf.tidy(() =>
        [replaced, {}].map((parts) => stepByStep(network, inputs, parts).outputs.dataSync().slice()),
      ) as [Float32Array, Float32Array];
      await applyLesions(network, lesions);
      const [byEngine, traced] = await Promise.all(
        [false, true].map((traced) => runSequence(network, batch, { erased, traced })),
      );
      expect(largestDifference(byEngine?.logits, expected)).toBeLessThan(1e-5);
      expect(largestDifference(traced?.logits, expected)).toBeLessThan(1e-6);
      expect(largestDifference(intact, expected)).toBeGreaterThan(1e-3);
    },
  );

  it("without a lesion: the outputs are those of the network", async () => {
    const network = createNetwork(config);
    const batch = randomBatch();
    const inputs = tf.tensor3d(batch.inputs, [TIME, 2, SIZES.inputSize]);
    const expected = tf.tidy(() => stepByStep(network, inputs).outputs.dataSync().slice()) as Float32Array;
    await applyLesions(network, {});
    expect(largestDifference((await runSequence(network, batch)).logits, expected)).toBeLessThan(1e-5);
  });
});

describe("a lesioned trace", () => {
  it("without links: the shares of backward and forward are exactly 0", async () => {
    const readMode = await tracedQuantity({ noLinks: true }, "readMode");
    expect(readMode.filter((_, index) => index % 5 < 4).every((share) => share === 0)).toBe(true);
    expect(readMode.filter((_, index) => index % 5 === 4).every((share) => share === 1)).toBe(true);
  });

  it("without allocation: the allocation gates are exactly 0", async () => {
    expect(new Set(await tracedQuantity({ noAllocation: true }, "allocationGate"))).toEqual(new Set([0]));
  });

  it("with a read head off: its free gate is exactly 0, that of the other is not", async () => {
    const gates = await tracedQuantity({ readHeadsOff: [1] }, "freeGate");
    expect(gates.every((gate, index) => (index % 2 === 1 ? gate === 0 : gate > 0))).toBe(true);
  });

  it("with a slot erased: usage and links at the step are those of the intact run", async () => {
    const network = createNetwork(NETWORKS[1] as (typeof NETWORKS)[number]);
    const batch = randomBatch();
    const intact = await runSequence(network, batch, { traced: true });
    const { traced } = await runSequence(network, batch, { traced: true, erased: { slot: 1, step: 3 } });
    for (const [name, { shape, data }] of Object.entries(traced)) {
      const whole = intact.traced[name];
      expect(shape).toEqual(whole?.shape);
      const before = (3 * data.length) / TIME;
      expect(data.subarray(0, before)).toEqual(whole?.data.subarray(0, before));
    }
    const atStep = (values: Float32Array | undefined) => values?.subarray(3 * 2 * 6, 4 * 2 * 6);
    expect(atStep(traced.usage?.data)).toEqual(atStep(intact.traced.usage?.data));
    expect(traced.readWords?.data).not.toEqual(intact.traced.readWords?.data);
  });

  async function tracedQuantity(lesions: Lesions, name: string): Promise<Float32Array> {
    const network = createNetwork(NETWORKS[1] as (typeof NETWORKS)[number]);
    await applyLesions(network, lesions);
    const { traced } = await runSequence(network, randomBatch(), { traced: true });
    return traced[name]?.data as Float32Array;
  }
});

describe("runSequence", () => {
  const batch = randomBatch();
  const network = () => createNetwork(NETWORKS[0] as (typeof NETWORKS)[number]);

  it("runs an LSTM without a memory, of which no slot can be erased", async () => {
    const lstm = new LstmNetwork({ inputSize: 3, outputSize: 4, hiddenSize: 5 });
    expect((await runSequence(lstm, batch)).logits).toHaveLength(TIME * 2 * 4);
    await expect(runSequence(lstm, batch, { erased: { slot: 0, step: 0 } })).rejects.toThrow(
      "A slot is erased only in a network with a memory, got one without.",
    );
  });

  it.each([
    [{ slot: 6, step: 1 }, "The slot to erase: expected an integer from 0 to 5, got 6."],
    [{ slot: 0, step: 9 }, "The step to erase: expected an integer from 0 to 8, got 9."],
    [{ slot: 0.5, step: 0 }, "The slot to erase: expected an integer from 0 to 5, got 0.5."],
  ])("refuses %j", async (erased, message) => {
    await expect(runSequence(network(), batch, { erased })).rejects.toThrow(message);
  });

  it("stops sequences at their lengths also in the part after the erased slot", async () => {
    const lengths = Uint32Array.from([2, 7]);
    const whole = await runSequence(network(), { ...batch, lengths }, { erased: { slot: 1, step: 4 } });
    const inputMask = Float32Array.from({ length: TIME * 2 }, (_, row) =>
      Number(Math.floor(row / 2) < (lengths[row % 2] as number)),
    );
    const masked = await runSequence(network(), { ...batch, inputMask }, { erased: { slot: 1, step: 4 } });
    expect(whole.logits).toEqual(masked.logits);
    const rows = (sequence: number) => whole.logits.filter((_, at) => Math.floor(at / 4) % 2 === sequence);
    expect(
      rows(0)
        .subarray(2 * 4)
        .every((value) => value === 0),
    ).toBe(true);
    expect(
      rows(1)
        .subarray(0, 7 * 4)
        .some((value) => value === 0),
    ).toBe(false);
  });

  it("leaves no tensors", async () => {
    const tested = network();
    const before = tf.memory().numTensors;
    await applyLesions(tested, { noLinks: true, noAllocation: true, readHeadsOff: [0] });
    await runSequence(tested, batch, { traced: true, erased: { slot: 1, step: 4 } });
    await runSequence(tested, batch, { erased: { slot: 1, step: 4 } });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("lesionedWeights", () => {
  it("refuses a read head that the network does not have", () => {
    const variable = { name: "dnc/lstm/w_gates", shape: [1, 1], values: new Float32Array(1) };
    const sizes = { inputSize: 1, wordSize: 1, readHeads: 2, writeHeads: 1 };
    expect(() => lesionedWeights(sizes, { readHeadsOff: [2] }, variable)).toThrow(
      "readHeadsOff: expected indices from 0 to 1, got 2",
    );
  });

  it("returns the numbers themselves if nothing changes", () => {
    const variable = { name: "dnc/memory_access/write_gate/w", shape: [1, 1], values: new Float32Array(1) };
    const sizes = { inputSize: 1, wordSize: 1, readHeads: 1, writeHeads: 1 };
    expect(lesionedWeights(sizes, { noLinks: true, noAllocation: true, readHeadsOff: [0] }, variable)).toBe(
      variable.values,
    );
  });
});

function largestDifference(found: Float32Array | undefined, expected: Float32Array): number {
  if (found?.length !== expected.length) return Number.POSITIVE_INFINITY;
  return expected.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (found[index] as number))), 0);
}
