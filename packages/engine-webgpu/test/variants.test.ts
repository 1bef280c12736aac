import { describe, expect, it, vi } from "vitest";
import "../src/index.js";
import { Network } from "../src/network.js";
import { type Case, composed, distance, fused, resultsOn, startWebGpu, TINY } from "./support.js";

const hasAdapter = await startWebGpu();
const runs = vi.spyOn(Network.prototype, "run");

/** Computes the largest difference between the kernel on WebGPU and the definition, step by step on the CPU backend. */
async function differenceOf(given: Case) {
  runs.mockClear();
  const own = await resultsOn("webgpu", fused, given);
  expect(runs.mock.calls.length).toBeGreaterThan(0);
  return distance(own, await resultsOn("cpu", composed, given));
}

describe.skipIf(!hasAdapter)(
  "a variant of the memory as one op is the same as a loop of steps (needs a WebGPU adapter; apt-get install chromium libvulkan1)",
  () => {
    it.each<[string, Case["config"], boolean?]>([
      ["no links", { ...TINY, memory: { links: false } }],
      ["masks", { ...TINY, memory: { masking: true } }],
      ["masks with a minimum, and two write heads", { ...TINY, writeHeads: 2, memory: { masking: { minimum: 0.3 } } }],
      ["de-allocation", { ...TINY, readHeads: 3, memory: { deallocation: true } }],
      ["sharpness", { ...TINY, memory: { sharpness: true } }],
      [
        "all but links and many slots",
        {
          ...TINY,
          memorySize: 35,
          readHeads: 1,
          memory: { masking: { minimum: 0.1 }, deallocation: true, links: false },
        },
      ],
      [
        "everything, with three write heads",
        { ...TINY, writeHeads: 3, memory: { masking: true, deallocation: true, sharpness: true } },
      ],
      [
        "everything, with many slots",
        { ...TINY, memorySize: 33, memory: { masking: true, deallocation: true, sharpness: true } },
      ],
      ["a GRU", { ...TINY, controller: "gru", clipValue: 0.5 }],
      ["an LSTM and no memory", { inputSize: 3, outputSize: 2, hiddenSize: 6 }, true],
      ["a deep LSTM and no memory", { inputSize: 3, outputSize: 2, hiddenSize: 5, layers: 2, clipValue: 0.3 }, true],
    ])("with %s", async (_, config, isBaseline = false) => {
      for (const kind of ["random", "onehot"] as const) {
        const worst = await differenceOf({ config, isBaseline, time: 3, batch: 2, kind });
        expect(worst.difference, worst.name).toBeLessThan(2e-5);
      }
    });

    it.each<[string, Case["config"], boolean?]>([
      ["a DNC", { ...TINY, writeHeads: 2 }],
      ["a DNC without links, with a GRU", { ...TINY, controller: "gru", memory: { masking: true, links: false } }],
      ["a feed-forward controller", { ...TINY, controller: "feed-forward", memory: { deallocation: true } }],
      ["a deep LSTM and no memory", { inputSize: 3, outputSize: 2, hiddenSize: 5, layers: 2, clipValue: 0.3 }, true],
    ])("where an input mask omits steps of %s", async (_, config, isBaseline = false) => {
      // Steps at the start, in the middle and at the end; the last sequence has none at all.
      const inputMask = [1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0];
      const worst = await differenceOf({ config, isBaseline, time: 4, batch: 4, inputMask });
      expect(worst.difference, worst.name).toBeLessThan(2e-5);
    });
  },
);
