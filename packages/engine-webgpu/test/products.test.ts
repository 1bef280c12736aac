import type { NetworkSizes } from "@dnc/core/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_PARAMETER, type Product, packedParameters, planProducts } from "../src/products.js";
import { dimsOf } from "../src/sizes.js";

const small = fc.integer({ min: 1, max: 9 });
const sizes: fc.Arbitrary<NetworkSizes> = fc.record({
  controller: fc.constantFrom("lstm" as const, "feed-forward" as const),
  layers: fc.integer({ min: 1, max: 3 }),
  hiddenSize: small,
  inputSize: small,
  outputSize: small,
  memorySize: small,
  wordSize: small,
  readHeads: small,
  writeHeads: fc.integer({ min: 1, max: 3 }),
  clipValue: fc.constant(0),
  masking: fc.constant(false),
  maskMinimum: fc.constant(0),
  deallocation: fc.constant(false),
  sharpness: fc.constant(false),
  links: fc.constant(true),
  inputMask: fc.constant(false),
});

describe("packed weights", () => {
  it("hold every weight twice and every bias once, and otherwise zeros", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 16, max: 256 }), (given, threads) => {
        const dims = dimsOf({ ...given, layers: given.controller === "lstm" ? given.layers : 1 });
        const products = planProducts(dims, threads, 256);
        const index = packedParameters(dims, products);
        const counts = new Uint8Array(dims.parameterCount);
        for (const at of index) if (at !== NO_PARAMETER) counts[at]++;
        const biases = dims.L * dims.G + dims.interfaceLayout.size + dims.O;
        expect(counts.filter((count) => count === 1).length).toBe(biases);
        expect(counts.filter((count) => count === 2).length).toBe(dims.parameterCount - biases);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("are transposed where declared", () => {
    fc.assert(
      fc.property(sizes, (given) => {
        const dims = dimsOf({ ...given, layers: 1 });
        const { gates, gatesT, interface: product, interfaceT, output, outputT } = planProducts(dims, 64, 256);
        const index = packedParameters(dims, planProducts(dims, 64, 256));
        const at = ({ start, paddedColumns }: Product, row: number, column: number) =>
          index[4 * start + row * paddedColumns + column];
        for (const [own, transposed] of [
          [gates[0], gatesT[0]],
          [product, interfaceT],
          [output, outputT],
        ])
          for (let row = 0; row < own.paddedDepth; row++)
            for (let column = 0; column < own.paddedColumns; column++) {
              const isIn = row < own.depth && column < own.columns;
              if (isIn) expect(at(transposed, column, row)).toBe(at(own, row, column));
              else expect(at(own, row, column)).toBe(NO_PARAMETER);
            }
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it("give every row to exactly one invocation, eight rows at a time", () => {
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 16, max: 1024 }),
        fc.integer({ min: 16, max: 4096 }),
        (given, threads, maxParts) => {
          const dims = dimsOf({ ...given, layers: 1 });
          const { interface: product, interfaceT } = planProducts(dims, threads, maxParts);
          for (const { depth, paddedDepth, splits, chunk } of [product, interfaceT]) {
            expect(chunk % 8).toBe(0);
            expect(splits * chunk).toBe(paddedDepth);
            expect(paddedDepth).toBeGreaterThanOrEqual(depth);
            expect(paddedDepth - chunk).toBeLessThan(depth);
          }
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });
});
