import fc from "fast-check";
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
    it("for random sizes and combinations", async () => {
      const size = (max: number) => fc.integer({ min: 1, max });
      const masking = fc.constantFrom(true, false, { minimum: 0.3 });
      const either = (memory: object) => fc.record({ masking, deallocation: fc.boolean(), ...memory });
      await fc.assert(
        fc.asyncProperty(
          fc.record({
            inputSize: size(4),
            outputSize: size(4),
            memorySize: size(9),
            wordSize: size(6),
            readHeads: size(3),
            writeHeads: size(3),
            hiddenSize: size(7),
            clipValue: fc.constantFrom(null, 0.3, 20),
            controller: fc.constantFrom("lstm" as const, "gru" as const, "feed-forward" as const),
            memory: fc.oneof(either({ sharpness: fc.boolean() }), either({ links: fc.constant(false) })),
          }),
          size(4),
          fc.constantFrom("random" as const, "tied" as const, "onehot" as const),
          async (config, time, kind) => {
            const worst = await differenceOf({ config: { ...config, seed: 3 }, time, batch: 2, kind });
            expect(worst.difference, worst.name).toBeLessThan(2e-5);
          },
        ),
        { seed: 7, numRuns: 3 },
      );
    });

    it.each<[string, Case["config"], boolean?]>([
      [
        "no links and many slots",
        {
          ...TINY,
          memorySize: 35,
          readHeads: 1,
          memory: { masking: { minimum: 0.1 }, deallocation: true, links: false },
        },
      ],
      [
        "everything and many slots",
        { ...TINY, memorySize: 33, memory: { masking: true, deallocation: true, sharpness: true } },
      ],
      ["a GRU", { ...TINY, controller: "gru", clipValue: 0.5 }],
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
      ["an LSTM and no memory", { inputSize: 3, outputSize: 2, hiddenSize: 5 }, true],
    ])("where an input mask omits steps of %s", async (_, config, isBaseline = false) => {
      // Steps at the start, in the middle and at the end; the last sequence has none at all.
      const inputMask = [1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0];
      const worst = await differenceOf({ config, isBaseline, time: 4, batch: 4, inputMask });
      expect(worst.difference, worst.name).toBeLessThan(2e-5);
    });
  },
);
