import { meanLoss } from "@dnc/tasks";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SigmoidOptions, sigmoidCrossEntropy } from "../src/sigmoid-cross-entropy.js";

const RUNS = { seed: 1, numRuns: 25 };
const VARIANTS: SigmoidOptions[] = [
  {},
  { logProbInBits: true },
  { timeAverage: true },
  { timeAverage: true, logProbInBits: true },
];

type Case = { logits: number[][][]; target: number[][][]; mask: number[][] };

/** Two steps, three sequences (the last without a counted step), two bits, including zeros and a soft target. */
const EXAMPLE: Case = {
  logits: [
    [
      [0, -2.5],
      [1.5, 0.25],
      [3, -3],
    ],
    [
      [4, 0],
      [-0.75, 2],
      [1, 1],
    ],
  ],
  target: [
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    [
      [0, 0],
      [1, 0.5],
      [0, 1],
    ],
  ],
  mask: [
    [1, 0, 0],
    [1, 1, 0],
  ],
};

describe("sigmoidCrossEntropy", () => {
  it.each(VARIANTS)("is the masked sum of bit losses, averaged according to %j", (options) => {
    expect(lossOf(EXAMPLE, options)).toBeAllClose(reference(EXAMPLE, options));
  });

  it("agrees with DeepMind's implementation, including large logits and an empty sequence", () => {
    const logits = tf.tensor3d(
      [
        0, 121.00517, 2.853868, -14.26027, 5.04736, 57.572536, -40.89591, 31.744225, -46.495094, 84.29737, -13.480829,
        -78.35314, -40.712112, -97.256, -76.79841, -13.457802, -51.03366, -45.344406, 15.790248, -153.31158, -100.217,
        -42.704113, -146.80653, -76.60109, 39.817352, -76.73004, -47.424583, -90.14225, -71.3724, 136.0014, -28.60667,
        53.79984, -108.296295, -29.472878, -71.969795, -48.31322, 84.34911, -13.81894, -42.82179, -9.755253,
      ],
      [5, 2, 4],
    );
    const target = tf.tensor3d(
      [
        1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0,
        1, 1, 0,
      ],
      [5, 2, 4],
    );
    const mask = tf.tensor2d([1, 0, 1, 0, 1, 0, 1, 0, 0, 0], [5, 2]);
    const losses = VARIANTS.map(
      (options) => sigmoidCrossEntropy(logits, target, mask, options).dataSync()[0] as number,
    );
    expect(losses).toBeAllClose([115.354, 166.42064, 28.8385, 41.60516], { absolute: 0, relative: 1e-6 });
    const [, toMask] = tf.grads((x: tf.Tensor, m: tf.Tensor) =>
      sigmoidCrossEntropy(x as tf.Tensor3D, target, m as tf.Tensor2D, { timeAverage: true }),
    )([logits, mask]);
    expect(Array.from((toMask as tf.Tensor).dataSync())).toBeAllClose([
      10.148935, 395818700, -1.397738, 170758980, -1.541574, 1357380100.0, -7.209625, 1095441700.0, 21.362787,
      591354500,
    ]);
  });

  it("agrees with plain numbers for any logits, targets and masks", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom(...VARIANTS), (example, options) => {
        expect(lossOf(example, options)).toBeAllClose(reference(example, options));
      }),
      RUNS,
    );
  });

  it("is exact for huge logits: 0 where they are right, their absolute value where they are wrong", () => {
    const at = (logit: number, bit: number) => lossOf({ logits: [[[logit]]], target: [[[bit]]], mask: [[1]] });
    expect([at(1e4, 1), at(-1e4, 0), at(1e4, 0), at(-1e4, 1), at(0, 0), at(0, 1)]).toEqual(
      [0, 0, 1e4, 1e4, Math.LN2, Math.LN2].map(Math.fround),
    );
    expect(at(12, 1)).toBeAllClose(Math.log1p(Math.exp(-12)), { absolute: 0 }); // softplus(x) - x would be off by 8%
    expect(at(80, 1)).toBeAllClose(Math.exp(-80), { absolute: 0 });
  });

  it.each(VARIANTS)("has the gradient of central differences with %j", (options) => {
    const counted = {
      ...EXAMPLE,
      mask: [
        [1, 0, 1],
        [1, 1, 0],
      ],
    };
    const [logits, target, mask] = gradientsOf(counted, options);
    expect(logits).toBeAllClose(differences(counted, "logits", options));
    expect(target).toBeAllClose(differences(counted, "target", options));
    expect(mask).toBeAllClose(differences(counted, "mask", options));
  });

  it("has exact gradients for huge logits and for 0", () => {
    const logits = [[[1e4, -1e4, 1e4, -1e4, 0, 0, 20]]];
    const [toLogits] = gradientsOf({ logits, target: [[[1, 0, 0, 1, 0, 1, 1]]], mask: [[1]] });
    const expected = [0, 0, 1, -1, 0.5, -0.5, -1 / (1 + Math.exp(20))];
    expect(toLogits).toBeAllClose(tf.tensor(expected, [1, 1, 7]), { absolute: 0 });
  });

  it("has no gradient to logits that do not count, and a large finite one to the mask of an empty sequence", () => {
    const [toLogits, , toMask] = gradientsOf(EXAMPLE, { timeAverage: true });
    const uncounted = tf.slice(toLogits, [0, 2, 0], [2, 1, 2]);
    expect(uncounted).toBeAllClose(tf.zeros([2, 1, 2]), { absolute: 0 });
    const losses = [bitLoss(3, 1) + bitLoss(-3, 1), bitLoss(1, 0) + bitLoss(1, 1)];
    const toEmpty = tf.slice(toMask, [0, 2], [2, 1]);
    expect(toEmpty).toBeAllClose(tf.tensor2d(losses.map((loss) => [(loss / 3) * 2 ** 23])));
  });

  it("creates one tensor, also under a gradient", () => {
    const inputs = tensorsOf(EXAMPLE);
    const before = tf.memory().numTensors;
    const loss = sigmoidCrossEntropy(...inputs, { timeAverage: true, logProbInBits: true });
    expect(loss.shape).toEqual([]);
    expect(tf.memory().numTensors).toBe(before + 1);
    const { value, grads } = tf.valueAndGrads((logits: tf.Tensor) =>
      sigmoidCrossEntropy(logits as tf.Tensor3D, inputs[1], inputs[2]),
    )([inputs[0]]);
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([loss, value, grads]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("rejects invalid arguments by name, before creating any tensor", () => {
    const [logits, target, mask] = tensorsOf(EXAMPLE);
    const before = tf.memory().numTensors;
    const loss = sigmoidCrossEntropy as (...args: unknown[]) => unknown;
    expect(() => loss(mask, target, mask)).toThrow(new RangeError("logits: expected [2, 3, 2], got [2, 3]"));
    expect(() => loss(logits, mask, mask)).toThrow(
      new RangeError("targets: expected [timeSteps, batchSize, size], got [2, 3]"),
    );
    expect(() => loss(logits, target, target)).toThrow(new RangeError("mask: expected [2, 3], got [2, 3, 2]"));
    expect(() => loss(3, target, mask)).toThrow(new TypeError("logits: expected a tensor [2, 3, 2], got 3"));
    expect(() => loss(logits, target, mask, { bits: true })).toThrow(
      new TypeError('unknown option key "bits"; expected one of timeAverage, logProbInBits'),
    );
    expect(() => loss(logits, target, mask, { timeAverage: 0 })).toThrow(
      new TypeError("timeAverage: expected true or false, got 0"),
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

const cases = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([time, batch, size]) => {
    const grid = <T>(value: fc.Arbitrary<T>, ...dims: number[]): fc.Arbitrary<unknown> =>
      dims.reduceRight<fc.Arbitrary<unknown>>(
        (inner, length) => fc.array(inner, { minLength: length, maxLength: length }),
        value,
      );
    const logit = fc.oneof(fc.float({ min: -50, max: 50, noNaN: true }), fc.constant(0));
    return fc.record({
      logits: grid(logit, time, batch, size) as fc.Arbitrary<number[][][]>,
      target: grid(fc.nat(1), time, batch, size) as fc.Arbitrary<number[][][]>,
      mask: grid(fc.nat(1), time, batch) as fc.Arbitrary<number[][]>,
    });
  });

function tensorsOf({ logits, target, mask }: Case): [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D] {
  return [tf.tensor3d(logits), tf.tensor3d(target), tf.tensor2d(mask)];
}

function lossOf(example: Case, options: SigmoidOptions = {}): number {
  return sigmoidCrossEntropy(...tensorsOf(example), options).dataSync()[0] as number;
}

function gradientsOf(example: Case, options: SigmoidOptions = {}): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const loss = (...inputs: tf.Tensor[]) =>
    sigmoidCrossEntropy(...(inputs as [tf.Tensor3D, tf.Tensor3D, tf.Tensor2D]), options);
  return tf.grads(loss)(tensorsOf(example)) as [tf.Tensor, tf.Tensor, tf.Tensor];
}

function bitLoss(x: number, z: number): number {
  return Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The definition, in double precision. */
function reference({ logits, target, mask }: Case, { timeAverage, logProbInBits }: SigmoidOptions): number {
  const batch = (mask[0] as number[]).length;
  let total = 0;
  for (let b = 0; b < batch; b++) {
    let element = 0;
    let count = 0;
    for (const [t, row] of mask.entries()) {
      const zs = target[t]?.[b] ?? [];
      const bits = (logits[t]?.[b] ?? []).map((x, i) => bitLoss(x, zs[i] as number));
      element += (row[b] as number) * bits.reduce((sum, loss) => sum + loss, 0);
      count += row[b] as number;
    }
    total += timeAverage ? element / (count + 2 ** -23) : element;
  }
  return total / batch / (logProbInBits ? Math.LN2 : 1);
}

/** Computes central differences of the definition by every number of one input. */
function differences(example: Case, input: keyof Case, options: SigmoidOptions): tf.Tensor {
  const step = 1e-5;
  const tensor = tf.tensor(example[input]);
  const at = (index: number, change: number) => {
    const copy = structuredClone(example);
    let row = copy[input] as unknown as number[][];
    let rest = index;
    for (const size of tensor.strides) {
      row = row[Math.floor(rest / size)] as never;
      rest %= size;
    }
    (row as unknown as number[])[rest] = ((row as unknown as number[])[rest] as number) + change;
    return reference(copy, options);
  };
  const slopes = Array.from({ length: tensor.size }, (_, i) => (at(i, step) - at(i, -step)) / (2 * step));
  return tf.tensor(slopes, tensor.shape);
}

it("equals the mean that @dnc/tasks computes on plain arrays", () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(...VARIANTS), (example, options) => {
      const [logits, targets, mask] = tensorsOf(example);
      const [timeSteps, batchSize] = mask.shape;
      const floats = (tensor: tf.Tensor) => tensor.dataSync<"float32">();
      const batch = { timeSteps, batchSize, targets: floats(targets), mask: floats(mask) };
      expect(lossOf(example, options)).toBeAllClose(meanLoss(floats(logits), batch, options));
    }),
    RUNS,
  );
});

it("converts integers and booleans to float32", () => {
  const [logits, target, mask] = [tf.tensor3d([[[3, -2]]]), tf.tensor3d([[[1, 1]]]), tf.tensor2d([[1]])];
  const expected = sigmoidCrossEntropy(logits, target, mask);
  const cast = sigmoidCrossEntropy(tf.cast(logits, "int32"), tf.cast(target, "bool"), tf.cast(mask, "bool"));
  expect([cast.dtype, cast.dataSync()]).toEqual(["float32", expected.dataSync()]);
});
