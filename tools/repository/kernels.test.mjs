import { describe, expect, it } from "vitest";
import { countWorkload } from "../bench/kernels-of-workload.mjs";

/** Kernel counts in bench/results/kernels. More kernels are slower on every GPU. */
const BUDGET = { forward: 872, backward: 849, update: 46 };

describe("a training iteration of the default network with TensorFlow.js ops", () => {
  it("runs no more kernels than its budget", async () => {
    const { forward, backward, update, iteration } = await countWorkload({ workload: "S", backend: "cpu" });
    expect(forward).toBeLessThanOrEqual(BUDGET.forward);
    expect(backward).toBeLessThanOrEqual(BUDGET.backward);
    expect(update).toBeLessThanOrEqual(BUDGET.update);
    expect(iteration).toBe(forward + backward + update);
    // A counter that counts nothing would pass all of the above.
    expect(forward).toBeGreaterThan(100);
  });
});
