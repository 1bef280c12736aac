import { describe, expect, it } from "vitest";
import { summary } from "../../src/terminal/summary.js";

const report = (loss: number, exact_match: number, gradientNorm = 1) => ({
  step: 0,
  loss,
  exact_match,
  gradient_norm: gradientNorm,
  iterations: 100,
  iterations_per_second: 10,
  seconds: 10,
  sample: "",
});
const where = {
  ...{ iterations: 1000, batchSize: 16, folder: "runs/a", learningRate: 10 },
  ...{ guessing: 11.25, lossUnit: "nats per sequence" },
};
const outcome = { step: 1000, firstStep: 0, seconds: 100, checkpoint: "runs/a/checkpoints/step-00001000" };

describe("summary", () => {
  it("describes the result in words", () => {
    expect(summary({ ...outcome, firstReport: report(11.25, 0), lastReport: report(0.5, 0.98) }, where)).toEqual([
      "Done: 1000 iterations in 1 min 40 s (10.0 it/s).",
      "Loss fell from 11.2500 to 0.5000 nats per sequence (means of the first 100 and the last 100 iterations); " +
        "of the last 1600 new sequences 98.0% had no error (0.0% at first).",
      "The run is in runs/a, its weights in checkpoints/step-00001000 there.",
    ]);
  });

  it("counts only the iterations of this process for a resumed run", () => {
    const taken = { ...outcome, firstStep: 400, seconds: 10, firstReport: undefined, lastReport: undefined };
    expect(summary(taken, where)[0]).toBe("Done: 1000 iterations, 600 of them now, in 10 s (60.0 it/s).");
    expect(summary({ ...taken, firstStep: 1000 }, where)[0]).toBe(
      "Nothing left to do: the run has its 1000 iterations.",
    );
  });

  it("does not compare a report with itself", () => {
    const only = report(11.25, 0.5);
    expect(summary({ ...outcome, firstReport: only, lastReport: only }, where)[1]).toBe(
      "Mean loss 11.2500 nats per sequence; of the last 1600 new sequences 50.0% had no error.",
    );
  });

  it.each([
    [
      "a vanished gradient and a loss beyond guessing",
      report(214.4, 0, 0),
      /gradient norm is 0, and the loss is 19\.1 times/,
    ],
    ["a vanished gradient alone", report(9, 0.1, 0), /gradient norm is 0, where knowing nothing scores 11\.2500/],
    ["a loss beyond guessing alone", report(30, 0, 2), /gradient norm is 2\.0, and the loss is 2\.7 times/],
  ])("reports that the network has stopped learning: %s", (_name, last, found) => {
    const lines = summary({ ...outcome, firstReport: report(215.9, 0), lastReport: last }, where);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^Warning: the network has stopped learning: /);
    expect(lines[2]).toMatch(found);
    expect(lines[2]).toContain("a smaller --learning_rate (it was 10)");
  });

  it.each([
    ["that has solved its task", report(1e-9, 1, 0)],
    ["that guesses", report(11.3, 0, 0.5)],
  ])("does not report it of a network %s", (_name, last) => {
    expect(summary({ ...outcome, firstReport: report(12, 0), lastReport: last }, where).join()).not.toMatch(/Warning/);
  });

  it("describes a run that ended before its first iteration", () => {
    const nothing = { ...outcome, step: 0, seconds: 0.1, firstReport: undefined, lastReport: undefined };
    expect(summary(nothing, where)[0]).toBe("Ended early, everything saved: 0 of 1000 iterations in 0 s.");
    expect(summary(nothing, where)).toHaveLength(2);
  });
});
