/** Runs the tests of @dnc/core on sequences, gradients and steps with this engine. */
import { expect, it, vi } from "vitest";
import { findEngine } from "../../core/src/engine/index.js";
import "../src/index.js";

vi.spyOn(console, "warn").mockImplementation(() => {}); // the engine warns once of what it does not support

await import("../../core/test/unroll.test.js");
await import("../../core/test/unroll-gradients.test.js");
await import("../../core/test/second-order.test.js");
await import("../../core/test/dnc.test.js");
await import("../../core/test/invariants.test.js");
await import("../../core/test/layers/training.test.js");

it("supports the networks of these tests", () => {
  expect(findEngine()?.name).toBe("tfjs");
});
