import fc from "fast-check";
import { expect, it } from "vitest";
import { resolveSettings } from "../../src/flags/settings.js";
import { createCore, createTask } from "../../src/model/model.js";
import { parameterCount } from "../../src/model/parameter-count.js";

it("is what the network has", () => {
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
        const settings = resolveSettings({ controller, task, ...given });
        const core = createCore(settings, createTask(settings), 1);
        const numbers = core.variables.reduce((total, { variable }) => total + variable.size, 0);
        core.dispose();
        expect(parameterCount(settings)).toBe(numbers);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});
