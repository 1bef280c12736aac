import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap, type Region } from "../src/heap.js";
import type { Kernel } from "../src/kernel.js";

const PAGE = 65536;
const BASE = 1000;
const FIRST = 1024; // BASE, aligned

function heapOf(maximum: number): { heap: Heap; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum });
  const kernel = { memory, exports: { __heap_base: { value: BASE } } };
  return { heap: new Heap(kernel as unknown as Kernel), memory };
}

describe("Heap", () => {
  it("allocates aligned blocks consecutively, after the kernel's own memory", () => {
    const { heap } = heapOf(2);
    expect([heap.allocate(1), heap.allocate(64), heap.allocate(65)]).toEqual([
      { start: FIRST, size: 64 },
      { start: FIRST + 64, size: 64 },
      { start: FIRST + 128, size: 128 },
    ]);
  });

  it("allocates a freed block again, also as two smaller ones", () => {
    const { heap } = heapOf(2);
    const [first] = [heap.allocate(256), heap.allocate(64)];
    heap.free(first);
    expect(heap.allocate(64)).toEqual({ start: FIRST, size: 64 });
    expect(heap.allocate(192)).toEqual({ start: FIRST + 64, size: 192 });
    expect(heap.allocate(64).start).toBe(FIRST + 320);
  });

  it("merges adjacent freed blocks, in whatever order they are freed", () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const { heap } = heapOf(2);
      const blocks = [heap.allocate(64), heap.allocate(64), heap.allocate(64)];
      heap.allocate(64);
      for (const index of order) heap.free(blocks[index]);
      expect(heap.allocate(192)).toEqual({ start: FIRST, size: 192 });
    }
  });

  it("keeps blocks disjoint and leaks nothing, for any sequence of allocations and frees", () => {
    const actions = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 5000 }), give: fc.nat() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(actions, (list) => {
        const { heap, memory } = heapOf(16);
        const blocks: Region[] = [];
        for (const { bytes, give } of list) {
          blocks.push(heap.allocate(bytes));
          if (give % 2) heap.free(blocks.splice(give % blocks.length, 1)[0]);
          const sorted = [...blocks].sort((a, b) => a.start - b.start);
          for (const [index, { start, size }] of sorted.entries()) {
            expect(start % 64).toBe(0);
            expect(start + size).toBeLessThanOrEqual(sorted[index + 1]?.start ?? memory.buffer.byteLength);
          }
        }
        for (const block of blocks) heap.free(block);
        expect(heap.allocate(1)).toEqual({ start: FIRST, size: 64 });
      }),
      { seed: 1 },
    );
  });

  it("grows by as many pages as needed", () => {
    const { heap, memory } = heapOf(8);
    heap.allocate(PAGE - FIRST);
    expect(memory.buffer.byteLength).toBe(PAGE);
    heap.allocate(1);
    expect(memory.buffer.byteLength).toBe(2 * PAGE);
    heap.allocate(3 * PAGE);
    expect(memory.buffer.byteLength).toBe(5 * PAGE);
  });

  it("refuses more than WebAssembly can address, with the size needed, and changes nothing", () => {
    const { heap, memory } = heapOf(8);
    const message = "memory: expected at most 4.00 GiB, the run needs 6.50 GiB";
    expect(() => heap.allocate(6.5 * 2 ** 30)).toThrow(new RangeError(message));
    expect(memory.buffer.byteLength).toBe(PAGE);
    expect(heap.allocate(64)).toEqual({ start: FIRST, size: 64 });
  });

  it("reports memory that WebAssembly can address but the machine does not provide", () => {
    const { heap } = heapOf(8);
    const message = "memory: expected at most 4.00 GiB, the run needs 0.50 GiB, which this machine does not give";
    expect(() => heap.allocate(2 ** 29)).toThrow(new RangeError(message));
    expect(heap.allocate(64).start).toBe(FIRST);
  });

  it("reallocates a block to a larger one that may overlap it", () => {
    const { heap } = heapOf(2);
    const part = heap.allocate(64);
    expect(heap.reallocate(part, 200)).toEqual({ start: FIRST, size: 256 });
    expect(heap.reallocate({ start: 0, size: 0 }, 64).start).toBe(FIRST + 256);
  });

  it("leaves a block allocated if there is no larger one", () => {
    const { heap } = heapOf(2);
    const [gap, part] = [heap.allocate(64), heap.allocate(64)];
    heap.free(gap);
    expect(() => heap.reallocate(part, 2 ** 33)).toThrow(RangeError);
    expect(heap.allocate(64)).toEqual(gap);
    expect(heap.allocate(64).start).toBe(FIRST + 128);
  });
});
