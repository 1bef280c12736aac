import fc from "fast-check";
import { expect, it } from "vitest";
import { createNetwork } from "../../src/model/create-network.js";
import { parameterCount } from "../../src/model/parameter-count.js";
import { configOf } from "../support.js";

it("equals the number of the network's parameters", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(
      fc.constantFrom("lstm", "deep-lstm", "gru", "feed-forward"),
      fc.constantFrom("copy", "repeat-copy"),
      fc.record({
        hidden_size: size,
        memory_size: size,
        word_size: size,
        num_read_heads: size,
        num_write_heads: size,
        num_bits: size,
      }),
      (controller, task, sizes) => {
        const given = Object.fromEntries(Object.entries(sizes).map(([name, value]) => [name, String(value)]));
        const config = configOf({ controller, task, ...given });
        const core = createNetwork(config, 1);
        const numbers = core.variables.reduce((total, { variable }) => total + variable.size, 0);
        core.dispose();
        expect(parameterCount(config)).toBe(numbers);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});
