/** What the tests of @dnc/core say of sequences, gradients and steps holds with this engine, too. */
import { expect, it, vi } from "vitest";
import { findEngine } from "../../core/src/engine/index.js";
import "../src/index.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // what the engine refuses is said once

await import("../../core/test/unroll.test.js");
await import("../../core/test/unroll-gradients.test.js");
await import("../../core/test/second-order.test.js");
await import("../../core/test/dnc.test.js");
await import("../../core/test/invariants.test.js");
await import("../../core/test/layers/training.test.js");

it("supports the networks of these tests", () => {
  expect(findEngine()?.name).toBe("tfjs");
});
