/** Variants of a memory for the tests of this package. */
import fc from "fast-check";
import type { CompleteMemoryVariants } from "../src/index.js";

const STOCK: CompleteMemoryVariants = {
  masking: false,
  deallocation: false,
  sharpness: false,
  links: true,
  initialMemory: 0,
};

/** Each variant alone, and all that go together. */
export const VARIANTS: readonly (readonly [name: string, variants: CompleteMemoryVariants])[] = [
  ["masking", { ...STOCK, masking: { minimum: 0 } }],
  ["masking with a minimum", { ...STOCK, masking: { minimum: 0.2 } }],
  ["de-allocation", { ...STOCK, deallocation: true }],
  ["sharpness", { ...STOCK, sharpness: true }],
  ["no links", { ...STOCK, links: false }],
  ["a number in the memory at first", { ...STOCK, initialMemory: -0.3 }],
  ["a random memory at first", { ...STOCK, initialMemory: "random" }],
  ["all with links", { ...STOCK, masking: { minimum: 0.1 }, deallocation: true, sharpness: true }],
  ["all without links", { ...STOCK, masking: { minimum: 0.1 }, deallocation: true, links: false }],
];

/** Any variants, the paper's memory included. */
export const variants: fc.Arbitrary<CompleteMemoryVariants> = fc
  .record({
    masking: fc.constantFrom(false as const, { minimum: 0 }, { minimum: 0.3 }),
    deallocation: fc.boolean(),
    sharpness: fc.boolean(),
    links: fc.boolean(),
    initialMemory: fc.constantFrom(0, 1e-6, "random" as const),
  })
  .filter(({ sharpness, links }) => links || !sharpness);
