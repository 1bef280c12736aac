import type { NetworkSizes } from "@dnc/core/engine";
import { describe, expect, it } from "vitest";
import { generate } from "../src/generate.js";

const VARIANTS = {
  masking: false,
  maskMinimum: 0,
  deallocation: false,
  sharpness: false,
  links: true,
  inputMask: false,
};
const HEADS = { controller: "lstm", layers: 1, readHeads: 4, writeHeads: 1, clipValue: 20, ...VARIANTS } as const;
const S: NetworkSizes = { ...HEADS, hiddenSize: 64, memorySize: 16, wordSize: 16, inputSize: 6, outputSize: 5 };
const M: NetworkSizes = { ...HEADS, hiddenSize: 128, memorySize: 64, wordSize: 32, inputSize: 10, outputSize: 9 };
const L: NetworkSizes = { ...HEADS, hiddenSize: 256, memorySize: 256, wordSize: 64, inputSize: 10, outputSize: 9 };

describe("generated kernels", () => {
  it("have as many barriers per step as the guide says", () => {
    const limits = { workgroupBytes: 49152, threads: 1024 };
    expect(generate(S, limits).barriers).toEqual({ forward: 10, backward: 12 });
    expect(generate(M, limits).barriers).toEqual({ forward: 13, backward: 12 });
    expect(generate({ ...S, layers: 2 }, limits).barriers).toEqual({ forward: 12, backward: 14 });
    expect(generate({ ...S, writeHeads: 2 }, limits).barriers).toEqual({ forward: 12, backward: 14 });
  });

  it("stay within the workgroup memory of any device", () => {
    for (const sizes of [S, M, L])
      for (const workgroupBytes of [0, 1000, 16384, 32768, 49152]) {
        const found = generate(sizes, { workgroupBytes, threads: 256 }).workgroupBytes;
        expect(Math.max(found.forward, found.backward)).toBeLessThanOrEqual(workgroupBytes);
      }
  });

  it("keep all arrays of a small network in workgroup memory, and of a large one all but memory and link", () => {
    const spilled = (sizes: NetworkSizes, workgroupBytes: number) =>
      generate(sizes, { workgroupBytes, threads: 1024 }).spilled;
    expect(spilled(S, 32768)).toEqual({ forward: [], backward: [] });
    expect(spilled(M, 49152).forward).toEqual([]);
    expect(spilled(L, 49152).forward).toEqual(["memory", "link"]);
    expect(spilled(S, 0).forward).toContain("row");
  });

  it("use at most eight buffers each", () => {
    const found = generate(S, { workgroupBytes: 16384, threads: 256 });
    const kernels = [found.forward, found.backward, found.logits, found.outputTraining, found.gradients.kernel];
    for (const { bindings } of kernels) expect(bindings.length).toBeLessThanOrEqual(8);
  });
});
