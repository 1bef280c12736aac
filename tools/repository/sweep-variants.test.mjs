/** Tests the report of a sweep of variants, from runs whose effects are known. */
import { expect, it } from "vitest";
import { sweepVariantsReport } from "../bench/sweep-variants-report.mjs";

const SETTINGS = [{ name: "masking" }, { name: "sharpness" }];
const FACTS = { machine: "a machine", commit: "0123456789", date: "2026-01-02" };

/** Makes runs of three seeds whose exact match after 1,000 iterations is 90% + `effect`, and 1 percentage point less before. */
function runsOf(effect, changes = () => ({})) {
  const runs = [1, 2, 3].flatMap((seed) =>
    [false, true].flatMap((masking) =>
      [false, true].map((sharpness) => {
        const match = 0.9 + effect({ seed, masking, sharpness }) / 100;
        const [step, speed] = masking ? [800, 80] : [1000, 100];
        const reports = [500, step].map((at, index) => ({
          ...{ step: at, seconds: at / speed, exact_match: match - 0.01 * (1 - index), loss: 1 },
        }));
        return { name: "", seed, settings: { masking, sharpness }, status: "finished", metrics: { reports } };
      }),
    ),
  );
  return runs.map((run) => ({ ...run, ...changes(run) }));
}

const report = (runs) => sweepVariantsReport({ runs, settings: SETTINGS, budget: { minutes: 0.5 }, facts: FACTS });

it("has the effect of each setting, paired by seed, at equal time and at equal iterations", () => {
  // Seeds differ much more than settings: only pairs show the effects. That of sharpness is 1, 2 and 3 points.
  const text = report(runsOf(({ seed, masking, sharpness }) => 3 * seed - (masking ? 2 : 0) + (sharpness ? seed : 0)));
  expect(text).toContain("4 settings, 3 seeds each, 30 seconds of training");
  expect(text).toContain("exact match after 800 iterations, points");
  // At iteration 800 runs without masking have their report of iteration 500, a point lower.
  expect(text).toContain("| masking | −2.00 ± 0.00 | −1.00 ± 0.00 | −20.0 ± 0.0 | 0 of 3 |");
  expect(text).toContain("| sharpness | +2.00 ± 0.58 | +2.00 ± 0.58 | +0.0 ± 0.0 | 3 of 3 |");
  expect(text).toContain(
    "- masking lowers exact match at equal time, lowers it at equal iterations, and slows iterations down.",
  );
  expect(text).toContain("- sharpness raises exact match at equal time, raises it");
  expect(text).toContain("the effect of masking and sharpness is more than two standard errors.");
  // Means over seeds with their sample deviation: 93, 96 and 99%.
  expect(text).toContain(
    "| off | off | 96.00% ± 3.00 | 96.00% |  | 1000 | 1 of 3 | not reached | not reached | 3 | 0 |",
  );
  expect(text).toContain(
    "| on | on | 96.00% ± 4.00 | 96.00% | +0.00 ± 0.58 | 800 | 1 of 3 | not reached | not reached | 3 | 0 |",
  );
  expect(text).toContain("a machine; commit 0123456789; 2026-01-02");
  expect(text).toContain("by +0.0% to +0.0%.");
  expect(text).not.toContain("undefined");
});

it("has what two settings change together beyond what each changes alone", () => {
  const both = ({ seed, masking, sharpness }) =>
    (masking ? 1 : 0) - (sharpness ? 2 : 0) + (masking && sharpness ? seed - 1 : 0);
  expect(report(runsOf(both))).toContain("| masking and sharpness | +1.00 ± 0.58 | 2 of 3 |");
});

it("says how even the speeds of runs were, and the note on how they were made", () => {
  const slow = ({ seed, settings, metrics: { reports } }) =>
    seed === 2 && settings.masking
      ? { metrics: { reports: reports.map((each) => ({ ...each, seconds: 2 * each.seconds })) } }
      : {};
  const facts = { ...FACTS, note: "A note." };
  const text = sweepVariantsReport({
    runs: runsOf(() => 0, slow),
    settings: SETTINGS,
    budget: { minutes: 0.5 },
    facts,
  });
  expect(text).toContain("by −50.0% to +0.0%.\n\nA note.\n");
});

it("says that an effect is not clear where seeds disagree", () => {
  const text = report(runsOf(({ seed, sharpness }) => (sharpness ? seed - 2 : 0)));
  expect(text).toContain("| sharpness | +0.00 ± 0.58 |");
  expect(text).toContain("At equal time no setting has an effect of more than two standard errors.");
});

it("counts runs that failed, leaves their seeds out of pairs, and says what is missing", () => {
  const isBad = ({ seed, settings }) => seed === 3 && settings.masking && settings.sharpness;
  const effect = ({ seed, sharpness }) => (sharpness ? 9 + (seed === 3 ? 1 : 0) : 0);
  const text = report(runsOf(effect, (run) => (isBad(run) ? { status: "failed" } : {})));
  expect(text).toContain("For each of the 2 seeds that have all settings");
  expect(text).toContain("| sharpness | +9.00 ± 0.00 |");
  // Median of 10 seconds, 10 seconds and a seed that has learned before it failed.
  expect(text).toContain("| on | on | 99.00% ± 0.00 | 99.00% | +9.00 ± 0.00 | 800 | 3 of 3 | 800 | 10.0 | 2 | 1 |");
  expect(text).not.toContain("Not complete");
  const missing = report(runsOf(effect, (run) => (isBad(run) ? { status: "waiting", metrics: { reports: [] } } : {})));
  expect(missing).toContain("**Not complete: 1 of 12 runs have not ended.**");
});
