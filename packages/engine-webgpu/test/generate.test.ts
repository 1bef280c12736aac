import { completeOptimizerOptions, type NetworkSizes } from "@dnc/core/engine";
import { describe, expect, it } from "vitest";
import { generate } from "../src/generate.js";
import { updateKernel } from "../src/wgsl/update.js";

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
    expect(generate(M, limits).barriers).toEqual({ forward: 13, backward: 14 });
    expect(generate({ ...S, layers: 2 }, limits).barriers).toEqual({ forward: 12, backward: 14 });
    expect(generate({ ...S, writeHeads: 2 }, limits).barriers).toEqual({ forward: 12, backward: 14 });
  });

  it("of the stock network have nothing of its variants", () => {
    const { forward, backward } = generate(M, { workgroupBytes: 32768, threads: 1024 });
    for (const { code } of [forward, backward]) expect(code).not.toMatch(/mask|retention\b|log_|reset|\brun\b|hasRun/);
  });

  it("have no trace of links where there are none, and save less", () => {
    const limits = { workgroupBytes: 32768, threads: 1024 };
    const [stock, linkless] = [generate(M, limits), generate({ ...M, links: false }, limits)];
    for (const { code } of [linkless.forward, linkless.backward]) expect(code).not.toMatch(/links\[|precedence|_dLink/);
    expect(linkless.records.size(10, 1, 10)).toBeLessThan(0.85 * stock.records.size(10, 1, 10));
    expect(linkless.barriers.backward).toBeLessThanOrEqual(stock.barriers.backward);
  });

  it("stay within the workgroup memory of any device", () => {
    const all = { masking: true, deallocation: true, sharpness: true };
    for (const sizes of [S, M, L, { ...M, ...all }, { ...M, links: false }])
      for (const workgroupBytes of [0, 1000, 16384, 32768, 49152]) {
        const found = generate(sizes, { workgroupBytes, threads: 256 }).workgroupBytes;
        expect(Math.max(found.forward, found.backward)).toBeLessThanOrEqual(workgroupBytes);
      }
  });

  it("keep all arrays of a small network in workgroup memory, and of a large one all but memory, link and their sums", () => {
    const spilled = (sizes: NetworkSizes, workgroupBytes: number) =>
      generate(sizes, { workgroupBytes, threads: 1024 }).spilled;
    expect(spilled(S, 32768)).toEqual({ forward: [], backward: [] });
    expect(spilled(M, 49152).forward).toEqual([]);
    expect(spilled(L, 49152).forward).toEqual(["memory", "link", "dots", "forwardParts", "backwardParts"]);
    expect(spilled(S, 0).forward).toContain("row");
  });

  it("load several elements of a memory in its buffer before they use one", () => {
    const limits = { workgroupBytes: 49152, threads: 1024 };
    for (const { code } of [generate(L, limits).forward, generate(L, limits).backward])
      expect(code).toMatch(/let m0 = memories\[(.|\n)*let m7 = memories\[/);
    expect(generate(S, limits).forward.code).not.toContain("let m0");
    expect(generate(L, limits).barriers).toEqual({ forward: 13, backward: 14 });
  });

  it("use at most eight buffers each", () => {
    const found = generate(S, { workgroupBytes: 16384, threads: 256 });
    const { kernel: update } = updateKernel(found.dims, found.gradients.groups, {
      optimizer: completeOptimizerOptions({ type: "adam" }),
      maxGradNorm: 50,
    });
    const kernels = [update, found.forward, found.backward, found.logits, found.outputTraining, found.gradients.kernel];
    for (const { bindings } of kernels) expect(bindings.length).toBeLessThanOrEqual(8);
  });
});
