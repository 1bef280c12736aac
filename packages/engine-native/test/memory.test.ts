import { freemem } from "node:os";
import { expect, it } from "vitest";
import { hosts } from "../src/hosts.js";
import { isBuilt } from "./support.js";

const TIME_STEPS = 40;
const hasMemory = isBuilt && freemem() > 8e9;

/** Trains on a batch of equal sequences, with links of 512 slots that are all kept. @returns loss and norm. */
function trainOn(batchSize: number): Float32Array {
  const network = hosts.get().createNetwork({
    ...{ controller: "lstm", layers: 1, hiddenSize: 32, inputSize: 3, outputSize: 5, memorySize: 512, wordSize: 16 },
    ...{ readHeads: 2, writeHeads: 1, clipValue: 20, masking: false, maskMinimum: 0, deallocation: false },
    ...{ sharpness: false, links: true, inputMask: false },
  });
  network.set({ historyLimit: 1e6, maxNorm: 50, learningRate: 1e-3, epsilon: 1e-10, decay: 0.9 });
  network.prepare({ timeSteps: TIME_STEPS, batchSize, maxThreads: 2, history: true, training: true });
  const count = network.get("parameterCount");
  const bits = (width: number, seed: number) =>
    Float32Array.from({ length: TIME_STEPS * batchSize * width }, (_, at) =>
      Math.sin(seed * Math.floor(at / width / batchSize) + (at % width)) > 0 ? 1 : 0,
    );
  network.write(
    "parameters",
    0,
    Float32Array.from({ length: count }, (_, at) => 0.3 * Math.sin(1.7 * at)),
  );
  network.write("meanSquares", 0, new Float32Array(count).fill(1));
  network.write("inputs", 0, bits(3, 1));
  network.write("target", 0, bits(5, 2));
  network.write("mask", 0, new Float32Array(TIME_STEPS * batchSize).fill(1));
  network.run("train");
  const results = new Float32Array(2);
  network.read("results", 0, results);
  network.dispose();
  return results;
}

it.skipIf(!hasMemory)(
  "memory beyond 4 GiB is used like any other (needs the native engine and 8 GB of free memory)",
  () => {
    const [few, many] = [trainOn(2), trainOn(130)];
    expect(many[0]).toBeCloseTo(few[0], 3);
    expect(many[1]).toBeCloseTo(few[1], 3);
  },
);
