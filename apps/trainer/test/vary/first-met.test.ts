/** The first report of a run that met a bound. */

import type { Criterion } from "@dnc/settings";
import { describe, expect, it } from "vitest";
import { firstMet } from "../../src/vary/first-met.js";

const reports = [
  { step: 10, loss: 3 },
  { step: 20, loss: 1, exact_match: 0.5 },
  { step: 30, loss: 0.5, exact_match: 0.75 },
];

const met = (criterion: Pick<Criterion, "metric" | "atLeast" | "atMost">, bits = 1) =>
  firstMet(reports, { on: "sequences", sequences: 10, ...criterion }, bits);

describe("the first report that met a bound", () => {
  it("is the first one with the exact match", () => {
    expect(met({ metric: "exact match", atLeast: 0.5 })).toBe(20);
    expect(met({ metric: "exact match", atLeast: 0.6 })).toBe(30);
    expect(met({ metric: "exact match", atLeast: 0.8 })).toBeUndefined();
  });

  it("compares the loss in bits, whether it is reported in bits or in nats", () => {
    expect(met({ metric: "bits per sequence", atMost: 1 })).toBe(20);
    expect(met({ metric: "bits per sequence", atMost: 1 }, 1 / Math.LN2)).toBe(30);
  });

  it("is none for a metric that reports do not have", () => {
    expect(met({ metric: "bits above the optimum", atMost: 1e9 })).toBeUndefined();
  });
});
