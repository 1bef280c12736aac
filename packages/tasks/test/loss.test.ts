import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lossPerSequence, meanLoss } from "../src/loss.js";
import type { LossOptions } from "../src/loss-options.js";

const RUNS = { seed: 1, numRuns: 25 };
const VARIANTS: LossOptions[] = [
  {},
  { loss: "sigmoid", logProbInBits: true },
  { timeAverage: true },
  { timeAverage: true, logProbInBits: true },
];
const OTHER_LOSSES: LossOptions[] = [
  { loss: "softmax" },
  { loss: "softmax", groupSizes: [1, 1], logProbInBits: true },
  { loss: "softmax", groupSizes: [2], timeAverage: true },
  { loss: "squared" },
  { loss: "squared", timeAverage: true },
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
  it.each([...VARIANTS, ...OTHER_LOSSES])(
    "are the masked sum of losses of outputs, averaged according to %j",
    (options) => {
      expect(lossPerSequence(EXAMPLE.logits, EXAMPLE, options)).toBeAllClose(reference(EXAMPLE, options));
      expect(meanLoss(EXAMPLE.logits, EXAMPLE, options)).toBeAllClose(mean(reference(EXAMPLE, options)));
    },
  );

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

  it("agree with plain numbers for any groups of outputs", () => {
    const groups = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(groups, fc.boolean(), fc.infiniteStream(fc.integer({ min: -60, max: 60 })), (groupSizes, ...rest) => {
        const [isSquared, numbers] = rest;
        const size = groupSizes.reduce((sum, length) => sum + length, 0);
        const take = (length: number) => Float32Array.from({ length }, () => numbers.next().value / 8);
        const [logits, targets] = [take(6 * size), take(6 * size).map((value) => Math.abs(value))];
        const example = { timeSteps: 3, batchSize: 2, logits, targets, mask: Float32Array.of(1, 1, 0, 1, 1, 0) };
        const options: LossOptions = isSquared ? { loss: "squared" } : { loss: "softmax", groupSizes };
        const close = { absolute: 1e-12, relative: 1e-12 };
        expect(lossPerSequence(logits, example, options)).toBeAllClose(reference(example, options), close);
        expect(meanLoss(logits, example, options)).toBeAllClose(mean(reference(example, options)), close);
      }),
      RUNS,
    );
  });

  it("of softmax neither overflow for large logits nor cancel for a right symbol", () => {
    const at = (...logits: number[]) =>
      meanLoss(
        Float32Array.from(logits),
        { timeSteps: 1, batchSize: 1, targets: Float32Array.of(0, 1, 0), mask: Float32Array.of(1) },
        { loss: "softmax" },
      );
    expect([at(0, 1e4, 0), at(1e4, 0, 0), at(-1e4, -1e4, -1e4)]).toBeAllClose([0, 1e4, Math.log(3)], {
      absolute: 0,
      relative: 1e-12,
    });
    expect(at(0, Number.NaN, 0)).toBeNaN();
  });

  it("of softmax are zero for a group of one output and for targets of zero", () => {
    const batch = { timeSteps: 1, batchSize: 1, targets: Float32Array.of(1, 0, 0), mask: Float32Array.of(1) };
    const loss = lossPerSequence(Float32Array.of(5, 3, -7), batch, { loss: "softmax", groupSizes: [1, 2] });
    expect(Array.from(loss)).toEqual([0]);
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
      new TypeError('unknown option key "bits"; expected one of loss, groupSizes, timeAverage, logProbInBits'),
    );
    expect(() => loss(logits, EXAMPLE, { timeAverage: 0 })).toThrow(
      new TypeError("timeAverage: expected true or false, got 0"),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "softmax", groupSizes: [2, 1] })).toThrow(
      new RangeError("groupSizes: expected sizes that add up to the 2 outputs, got 3"),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "softmax", groupSizes: [2, 0] })).toThrow(
      new RangeError("groupSizes[1]: expected a positive integer, got 0"),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "softmax", groupSizes: [] })).toThrow(
      new RangeError("groupSizes: expected at least one size, got none"),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "softmax", groupSizes: 2 })).toThrow(
      new TypeError("groupSizes: expected an array, got 2"),
    );
    expect(() => loss(logits, EXAMPLE, { groupSizes: [2] })).toThrow(
      new TypeError('groupSizes: expected none for loss "sigmoid", got an array'),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "squared", logProbInBits: true })).toThrow(
      new TypeError('logProbInBits: expected false for loss "squared", got true'),
    );
    expect(() => loss(logits, EXAMPLE, { loss: "hinge" })).toThrow(
      new TypeError('loss: expected one of sigmoid, softmax, squared, got "hinge"'),
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
function reference({ batchSize, logits, targets, mask }: Case, options: LossOptions): number[] {
  const { loss: name = "sigmoid", timeAverage, logProbInBits } = options;
  const size = targets.length / mask.length;
  return Array.from({ length: batchSize }, (_, sequence) => {
    let [loss, count] = [0, 0];
    mask.forEach((counts, row) => {
      if (row % batchSize !== sequence) return;
      count += counts;
      const [x, z] = [logits, targets].map((values) => Array.from(values.subarray(row * size, (row + 1) * size)));
      loss += counts * STEP_LOSS[name](x, z, options.groupSizes ?? [size]);
    });
    if (timeAverage) loss /= count + 2 ** -23;
    return loss / (logProbInBits ? Math.LN2 : 1);
  });
}

/** Loss of one time step. */
const STEP_LOSS = {
  sigmoid: (logits: number[], targets: number[]) =>
    sum(logits.map((x, at) => Math.max(x, 0) - x * targets[at] + Math.log1p(Math.exp(-Math.abs(x))))),
  softmax: (logits: number[], targets: number[], groupSizes: readonly number[]) => {
    let end = 0;
    const groups = groupSizes.map((size) => {
      end += size;
      const [x, z] = [logits.slice(end - size, end), targets.slice(end - size, end)];
      const exponentials = x.map((value) => Math.exp(value - Math.max(...x)));
      const logs = x.map((value) => value - Math.max(...x) - Math.log(sum(exponentials)));
      return sum(logs.map((log, at) => -z[at] * log));
    });
    return sum(groups);
  },
  squared: (logits: number[], targets: number[]) => sum(logits.map((x, at) => (x - targets[at]) ** 2)) / 2,
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
