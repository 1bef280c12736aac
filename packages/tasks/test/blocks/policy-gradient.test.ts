/** The loss of the policy: advantages against their sum, the gradient against central differences. */
import { describe, expect, it } from "vitest";
import { advantages, logProbabilities, policyLoss, rewardsToCome } from "../../src/blocks/policy-gradient.js";

const REWARDS = [0, 1, -0.1, 2, 2];
const VALUES = [3, 2.5, 4, -1, 0.5];

describe("advantages", () => {
  it.each([0, 0.5, 0.75, 1])("for lambda %d are the sum of the differences", (lambda) => {
    const deltas = REWARDS.map((reward, t) => reward + (VALUES[t + 1] ?? 0) - (VALUES[t] as number));
    const expected = deltas.map((_, t) =>
      deltas.slice(t).reduce((sum, delta, later) => sum + lambda ** later * delta, 0),
    );
    const found = advantages(REWARDS, VALUES, lambda);
    expected.forEach((value, t) => {
      expect(found[t]).toBeCloseTo(value, 12);
    });
  });

  it("for lambda 1 are the rewards to come, less what was expected", () => {
    const toCome = rewardsToCome(REWARDS);
    expect([...toCome].map((value) => Number(value.toFixed(9)))).toEqual([4.9, 4.9, 3.9, 4, 2]);
    advantages(REWARDS, VALUES, 1).forEach((value, t) => {
      expect(value).toBeCloseTo((toCome[t] as number) - (VALUES[t] as number), 12);
    });
  });
});

describe("policyLoss", () => {
  const logits = [0.3, -1.2, 2, 0, 0.7, -0.4, 1.1];

  it("is the weighted logarithm of the action's probability, less the entropy", () => {
    const exponentials = logits.map(Math.exp);
    const total = exponentials.reduce((sum, value) => sum + value);
    const probabilities = exponentials.map((value) => value / total);
    const entropy = -probabilities.reduce((sum, p) => sum + p * Math.log(p), 0);
    const { loss } = policyLoss(logits, { action: 4, advantage: -1.5, entropyWeight: 0.5 });
    expect(loss).toBeCloseTo(1.5 * Math.log(probabilities[4] as number) - 0.5 * entropy, 12);
  });

  it.each([
    [2, 0],
    [0, 0.5],
    [-1.7, 0.5],
    [3.2, 0.1],
  ])("has the gradient of central differences for advantage %d and entropy weight %d", (advantage, entropyWeight) => {
    for (let action = 0; action < 7; action++) {
      const valued = { action, advantage, entropyWeight };
      const { gradient } = policyLoss(logits, valued);
      logits.forEach((_, index) => {
        const moved = (step: number) => logits.map((logit, at) => (at === index ? logit + step : logit));
        const slope = (policyLoss(moved(1e-5), valued).loss - policyLoss(moved(-1e-5), valued).loss) / 2e-5;
        expect(gradient[index]).toBeCloseTo(slope, 8);
      });
    }
  });

  it("stays finite for outputs that are far apart", () => {
    const { loss, gradient } = policyLoss([1000, -1000, 0], { action: 0, advantage: 1, entropyWeight: 0.5 });
    expect(loss).toBe(0);
    expect([...gradient]).toEqual([0, 0, 0]);
    expect(logProbabilities([500, 500])[0]).toBeCloseTo(-Math.log(2), 12);
  });
});
