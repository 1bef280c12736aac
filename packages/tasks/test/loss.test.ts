import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LossOptions, lossPerSequence, meanLoss } from "../src/loss.js";

const RUNS = { seed: 1, numRuns: 25 };
const VARIANTS: LossOptions[] = [
  {},
  { loss: "sigmoid", logProbInBits: true },
  { timeAverage: true },
  { timeAverage: true, logProbInBits: true },
];

type Case = { timeSteps: number; batchSize: number; logits: Float32Array; targets: Float32Array; mask: Float32Array };

/** Two steps, three sequences (the last without a counted step), two bits, including zeros and a soft target. */
const EXAMPLE: Case = {
  timeSteps: 2,
  batchSize: 3,
  logits: Float32Array.of(0, -2.5, 1.5, 0.25, 3, -3, 4, 0, -0.75, 2, 1, 1),
  targets: Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0, 1, 0.5, 0, 1),
  mask: Float32Array.of(1, 0, 0, 1, 1, 0),
};

describe("meanLoss and lossPerSequence", () => {
  it.each(VARIANTS)("are the masked sum of bit losses, averaged according to %j", (options) => {
    expect(lossPerSequence(EXAMPLE.logits, EXAMPLE, options)).toBeAllClose(reference(EXAMPLE, options));
    expect(meanLoss(EXAMPLE.logits, EXAMPLE, options)).toBeAllClose(mean(reference(EXAMPLE, options)));
  });

  it("agree with DeepMind's implementation, including large logits and an empty sequence", () => {
    const logits = Float32Array.of(
      ...[0, 121.00517, 2.853868, -14.26027, 5.04736, 57.572536, -40.89591, 31.744225, -46.495094, 84.29737],
      ...[-13.480829, -78.35314, -40.712112, -97.256, -76.79841, -13.457802, -51.03366, -45.344406, 15.790248],
      ...[-153.31158, -100.217, -42.704113, -146.80653, -76.60109, 39.817352, -76.73004, -47.424583, -90.14225],
      ...[-71.3724, 136.0014, -28.60667, 53.79984, -108.296295, -29.472878, -71.969795, -48.31322, 84.34911],
      ...[-13.81894, -42.82179, -9.755253],
    );
    const targets = Float32Array.of(
      ...[1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0],
      ...[0, 0, 1, 0, 1, 1, 0, 1, 1, 0],
    );
    const batch = { timeSteps: 5, batchSize: 2, targets, mask: Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0, 0, 0) };
    const losses = VARIANTS.map((options) => meanLoss(logits, batch, options));
    expect(losses).toBeAllClose([115.354, 166.42064, 28.8385, 41.60516], { absolute: 0, relative: 1e-6 });
  });

  it("agree with plain numbers for any logits, targets and masks", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...VARIANTS), (example, options) => {
        expect(lossPerSequence(example.logits, example, options)).toBeAllClose(reference(example, options));
        expect(meanLoss(example.logits, example, options)).toBeAllClose(mean(reference(example, options)));
      }),
      RUNS,
    );
  });

  it("are exact for huge logits: 0 where they are right, their absolute value where they are wrong", () => {
    const at = (logit: number, bit: number) =>
      meanLoss(Float32Array.of(logit), {
        timeSteps: 1,
        batchSize: 1,
        targets: Float32Array.of(bit),
        mask: Float32Array.of(1),
      });
    expect([at(1e4, 1), at(-1e4, 0), at(1e4, 0), at(-1e4, 1), at(0, 0), at(0, 1)]).toEqual([
      ...[0, 0, 1e4, 1e4, Math.LN2, Math.LN2],
    ]);
    expect(at(12, 1)).toBeAllClose(Math.log1p(Math.exp(-12)), { absolute: 0 }); // softplus(x) - x would be off by 8%
    expect(at(80, 1)).toBeAllClose(Math.exp(-80), { absolute: 0 });
  });

  it("ignore values that do not count, even NaN", () => {
    const logits = EXAMPLE.logits.map((logit, at) => (EXAMPLE.mask[Math.floor(at / 2)] === 0 ? Number.NaN : logit));
    expect(lossPerSequence(logits, EXAMPLE)).toEqual(lossPerSequence(EXAMPLE.logits, EXAMPLE));
    logits[0] = Number.NaN;
    expect(meanLoss(logits, EXAMPLE)).toBeNaN();
  });

  it("reject invalid arguments by name", () => {
    const { logits } = EXAMPLE;
    const loss = meanLoss as (...args: unknown[]) => unknown;
    expect(() => loss(logits.subarray(1), EXAMPLE)).toThrow(
      new RangeError("logits: expected [2, 3, 2], 12 numbers, got 11"),
    );
    expect(() => loss(logits, { ...EXAMPLE, targets: new Float32Array(7) })).toThrow(
      new RangeError("targets: expected [2, 3, targetSize], a multiple of 6 numbers, got 7"),
    );
    expect(() => loss(logits, { ...EXAMPLE, mask: logits })).toThrow(
      new RangeError("mask: expected [2, 3], 6 numbers, got 12"),
    );
    expect(() => loss(3, EXAMPLE)).toThrow(new TypeError("logits: expected a Float32Array, got 3"));
    expect(() => loss(logits, EXAMPLE, { bits: true })).toThrow(
      new TypeError('unknown option key "bits"; expected one of loss, timeAverage, logProbInBits'),
    );
    expect(() => loss(logits, EXAMPLE, { timeAverage: 0 })).toThrow(
      new TypeError("timeAverage: expected true or false, got 0"),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "softmax" })).toThrow(
      new TypeError('loss: expected one of sigmoid, got "softmax"'),
    );
  });
});

const cases = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([timeSteps, batchSize, size]) => {
    const floats = (value: fc.Arbitrary<number>, length: number) =>
      fc.array(value, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
    const rows = timeSteps * batchSize;
    return fc.record({
      timeSteps: fc.constant(timeSteps),
      batchSize: fc.constant(batchSize),
      logits: floats(fc.oneof(fc.float({ min: -50, max: 50, noNaN: true }), fc.constant(0)), rows * size),
      targets: floats(fc.nat(1), rows * size),
      mask: floats(fc.nat(1), rows),
    });
  });

/** The definition, in double precision. */
function reference({ batchSize, logits, targets, mask }: Case, { timeAverage, logProbInBits }: LossOptions): number[] {
  const size = targets.length / mask.length;
  return Array.from({ length: batchSize }, (_, sequence) => {
    let [loss, count] = [0, 0];
    mask.forEach((counts, row) => {
      if (row % batchSize !== sequence) return;
      count += counts;
      for (let at = row * size; at < (row + 1) * size; at++) {
        const [x, z] = [logits[at], targets[at]];
        loss += counts * (Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x))));
      }
    });
    if (timeAverage) loss /= count + 2 ** -23;
    return loss / (logProbInBits ? Math.LN2 : 1);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
