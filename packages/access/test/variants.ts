/** Variants of a memory for the tests of this package. */
import fc from "fast-check";
import type { CompleteMemoryVariants } from "../src/index.js";

const STOCK: CompleteMemoryVariants = { masking: false, deallocation: false, sharpness: false, links: true };

/** Each variant alone, and all that go together. */
export const VARIANTS: readonly (readonly [name: string, variants: CompleteMemoryVariants])[] = [
  ["masking", { ...STOCK, masking: { minimum: 0 } }],
  ["masking with a minimum", { ...STOCK, masking: { minimum: 0.2 } }],
  ["de-allocation", { ...STOCK, deallocation: true }],
  ["sharpness", { ...STOCK, sharpness: true }],
  ["no links", { ...STOCK, links: false }],
  ["all with links", { masking: { minimum: 0.1 }, deallocation: true, sharpness: true, links: true }],
  ["all without links", { masking: { minimum: 0.1 }, deallocation: true, sharpness: false, links: false }],
];

/** Any variants, the paper's memory included. */
export const variants: fc.Arbitrary<CompleteMemoryVariants> = fc
  .record({
    masking: fc.constantFrom(false as const, { minimum: 0 }, { minimum: 0.3 }),
    deallocation: fc.boolean(),
    sharpness: fc.boolean(),
    links: fc.boolean(),
  })
  .filter(({ sharpness, links }) => links || !sharpness);
