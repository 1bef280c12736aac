import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planMemory, type SharedArray } from "../src/plan.js";

const arrays = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 500 }),
      priority: fc.integer({ min: 0, max: 5 }),
      cache: fc.boolean(),
    }),
    {
      maxLength: 20,
    },
  )
  .map((found): SharedArray[] => found.map((array, index) => ({ ...array, name: `array${index}` })));

describe("planMemory", () => {
  it("gives workgroup memory by priority, then to what still fits", () => {
    const plan = planMemory(
      [
        { name: "link", size: 100, priority: 1 },
        { name: "copy", size: 90, priority: 2, cache: true },
        { name: "memory", size: 60, priority: 3 },
        { name: "usage", size: 4, priority: 3 },
        { name: "last", size: 8, priority: 0 },
      ],
      4 * 72,
    );
    expect([...plan.workgroup]).toEqual(["usage", "memory", "last"]);
    expect([...plan.scratch]).toEqual([["link", 0]]);
    expect(plan).toMatchObject({ workgroupBytes: 4 * 72, scratchSize: 100 });
  });

  it("stays within the limit, and places every array that is not a cache exactly once", () => {
    fc.assert(
      fc.property(arrays, fc.integer({ min: 0, max: 8000 }), (given, limit) => {
        const { workgroup, scratch, workgroupBytes, scratchSize } = planMemory(given, limit);
        expect(workgroupBytes).toBeLessThanOrEqual(limit);
        let bytes = 0;
        const taken = new Set<number>();
        for (const { name, size, cache } of given) {
          const start = scratch.get(name);
          if (workgroup.has(name)) bytes += Math.ceil(size / 4) * 16;
          else expect(start === undefined).toBe(cache);
          expect(workgroup.has(name) && start !== undefined).toBe(false);
          for (let at = 0; start !== undefined && at < size; at++) {
            expect(taken.has(start + at)).toBe(false);
            taken.add(start + at);
          }
        }
        expect(bytes).toBe(workgroupBytes);
        expect(taken.size).toBe(scratchSize);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("omits no array that would have fitted alongside those of higher priority", () => {
    fc.assert(
      fc.property(arrays, fc.integer({ min: 0, max: 8000 }), (given, limit) => {
        const { workgroup } = planMemory(given, limit);
        const bytesOf = (size: number) => Math.ceil(size / 4) * 16;
        for (const { name, size, priority } of given) {
          if (workgroup.has(name)) continue;
          const rivals = given.filter((other) => workgroup.has(other.name) && other.priority >= priority);
          expect(rivals.reduce((sum, other) => sum + bytesOf(other.size), bytesOf(size))).toBeGreaterThan(limit);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });
});
