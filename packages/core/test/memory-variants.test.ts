/** The memory's variants in a whole network. Their equations are tested in `@dnc/access`. */
import type { MemoryVariants } from "@dnc/access";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Dnc } from "../src/dnc.js";
import { unroll } from "../src/unroll.js";
import { gradientsOf, type Run } from "./gradients.js";
import { bitsOf, normal, randomState, stepByHand, TINY, tensorsIn, tensorsLeftBy } from "./support.js";

const MASKS = ["write_masks", "read_masks"];
const SHARPNESS = ["forward_sharpness", "backward_sharpness"];

/** Each variant, the layers that it adds, and whether there are links. */
const VARIANTS: [name: string, memory: MemoryVariants, added: string[], links: boolean][] = [
  ["masking", { masking: true }, MASKS, true],
  ["de-allocation", { deallocation: true }, [], true],
  ["sharpness", { sharpness: true }, SHARPNESS, true],
  ["no links", { links: false }, [], false],
  [
    "all with links",
    { masking: { minimum: 0.1 }, deallocation: true, sharpness: true },
    [...MASKS, ...SHARPNESS],
    true,
  ],
  ["all without links", { masking: true, deallocation: true, links: false }, MASKS, false],
];

describe("a Dnc with variants of the memory", () => {
  it.each(VARIANTS)(
    "has the layers of the interface in their order, the output layer last: %s",
    (_name, memory, added, links) => {
      const [stock, core] = [new Dnc(TINY), new Dnc({ ...TINY, memory })];
      const names = (network: Dnc) => network.variables.map(({ name }) => name);
      const base = names(stock).filter((name) => links || !name.includes("/read_mode/"));
      const layers = added.flatMap((layer) => ["w", "b"].map((part) => `dnc/memory_access/${layer}/${part}`));
      expect(names(core)).toEqual([...base.slice(0, -2), ...layers, ...base.slice(-2)]);
      const values = new Map(core.variables.map(({ name, variable }) => [name, bitsOf([variable])]));
      for (const { name, variable } of stock.variables.filter(({ name }) => base.includes(name)))
        expect(values.get(name), name).toEqual(bitsOf([variable]));
      expect(tensorsLeftBy(() => core.dispose())).toBe(-core.variables.length);
    },
  );

  it.each(VARIANTS)(
    "computes in unroll what its steps compute, with the same gradients: %s",
    (_name, memory, _added, links) => {
      const core = new Dnc({ ...TINY, memory, writeHeads: 2 });
      const inputs = normal<tf.Rank.R3>([3, 2, 3], 1);
      const state = links ? randomState(core, 2) : core.initialState(2);
      const [byHand, unrolled] = [stepByHand(core, inputs, state), unroll(core, inputs, state)];
      expect(bitsOf(unrolled)).toEqual(bitsOf(byHand));
      expect(bitsOf([unrolled.outputs])).not.toEqual(
        bitsOf([unroll(new Dnc({ ...TINY, writeHeads: 2 }), inputs).outputs]),
      );
      expect(tensorsLeftBy(() => tf.dispose(unroll(core, inputs, state)))).toBe(0);
      const run = (compute: Run) => gradientsOf(core, compute, inputs, state);
      const [expected, gradients] = [run(stepByHand), run(unroll as Run)];
      expect(gradients.length).toBe(core.variables.length + 1 + tensorsIn(state).length);
      for (const [index, gradient] of gradients.entries()) {
        expect(gradient, `gradient ${index}`).toBeAllClose(expected[index], { absolute: 1e-5, relative: 1e-4 });
        if (index >= core.variables.length || gradient.size === 0) continue;
        expect(
          bitsOf([gradient])
            .flat()
            .some((slope) => slope !== 0),
          core.variables[index].name,
        ).toBe(true);
      }
    },
  );

  it("has without links a state of empty linkage, with gradients to everything else", () => {
    const core = new Dnc({ ...TINY, memory: { links: false } });
    const { access } = core.initialState(2);
    expect([access.linkage.link.shape, access.linkage.precedenceWeights.shape]).toEqual([
      [2, 1, 0, 0],
      [2, 1, 0],
    ]);
    const { finalState } = unroll(core, normal<tf.Rank.R3>([3, 2, 3], 1));
    expect(finalState.access.linkage.link.shape).toEqual([2, 1, 0, 0]);
    const linked = new Dnc(TINY).initialState(2);
    expect(() => core.step(tf.zeros([2, 3]), linked)).toThrow(
      new RangeError("state.linkage.link: expected [2, 1, 0, 0], got [2, 1, 5, 5]"),
    );
  });

  it("is the same network with the default variants as without any", () => {
    const memory = { masking: false, deallocation: false, sharpness: false, links: true };
    const inputs = normal<tf.Rank.R3>([3, 2, 3], 1);
    expect(bitsOf(unroll(new Dnc({ ...TINY, memory }), inputs))).toEqual(bitsOf(unroll(new Dnc(TINY), inputs)));
  });
});
