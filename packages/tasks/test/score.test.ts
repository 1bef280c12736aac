import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copy } from "../src/algorithmic/copy.js";
import { repeatCopy } from "../src/algorithmic/repeat-copy.js";
import { exactMatch, wrongBits } from "../src/exact-match.js";
import { lossPerSequence } from "../src/loss.js";
import { createRandom } from "../src/random.js";
import { addScores, scoreBatch, scoreEpisodes } from "../src/score.js";

const RUNS = { seed: 1, numRuns: 40 };
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

describe("scoreBatch", () => {
  it("sums the metrics of all sequences", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.boolean(),
        (seed, batchSize, ...unit) => {
          const [timeAverage, logProbInBits] = unit;
          const task = repeatCopy({ batchSize, numBits: 2, maxLength: 3, timeAverage, logProbInBits });
          const random = createRandom(seed);
          const batch = task.sampleBatch(random);
          const logits = batch.targets.map((bit) => (bit - 0.5) * random.integer(-1, 9));
          const score = scoreBatch(task, logits, batch);
          expect(score).toMatchObject({
            sequences: batchSize,
            bits: 3 * sum(batch.mask),
            wrongBits: sum(wrongBits(logits, batch)),
            exactMatch: sum(exactMatch(logits, batch)),
          });
          expect(score.loss).toBeAllClose(sum(lossPerSequence(logits, batch, { timeAverage, logProbInBits })), {
            absolute: 0,
            relative: 1e-12,
          });
        },
      ),
      RUNS,
    );
  });

  it("counts groups for softmax and outputs for squared", () => {
    const batch = {
      timeSteps: 2,
      batchSize: 1,
      targets: Float32Array.of(1, 0, 0, 1, 0, 1, 1, 0),
      mask: Float32Array.of(1, 1),
    };
    const logits = Float32Array.of(9, 0, 0, 1, 2, 0, 1, 0);
    const loss = { targetSize: 4, timeAverage: false, logProbInBits: false } as const;
    const symbols = scoreBatch({ ...loss, loss: "softmax", groupSizes: [2, 2] }, logits, batch);
    expect(symbols).toMatchObject({ sequences: 1, bits: 4, wrongBits: 1, exactMatch: 0 });
    const options = { loss: "softmax", groupSizes: [2, 2] } as const;
    expect(symbols.loss).toBeAllClose(sum(lossPerSequence(logits, batch, options)));
    const numbers = scoreBatch({ ...loss, loss: "squared" }, logits, batch);
    expect(numbers).toMatchObject({ sequences: 1, loss: (64 + 4 + 1) / 2, bits: 8, wrongBits: 3, exactMatch: 0 });
  });

  it("adds the bits' losses in the order of the arrays, on which the last digits depend", () => {
    const task = repeatCopy({ maxLength: 4 });
    const batch = task.sampleBatch(createRandom(4));
    const logits = batch.targets.map((bit, at) => Math.fround(Math.sin(at) * 3 + bit));
    let loss = 0;
    batch.mask.forEach((counts, row) => {
      if (counts === 0) return;
      for (let at = row * 5; at < row * 5 + 5; at++) {
        const [x, z] = [logits[at], batch.targets[at]];
        loss += Math.max(x, 0) - x * z + Math.log1p(Math.exp(-Math.abs(x)));
      }
    });
    expect(scoreBatch(task, logits, batch).loss).toBe(loss);
  });

  it("scores only what fits the task, and rejects everything else by name", () => {
    const batch = copy({ batchSize: 2, numBits: 3 }).sampleBatch(createRandom(1));
    const { targets, timeSteps } = batch;
    expect(() => scoreBatch(copy({ numBits: 4 }), targets, batch)).toThrow(
      new RangeError(`targets: expected [${timeSteps}, 2, 4], ${timeSteps * 8} numbers, got ${timeSteps * 6}`),
    );
    expect(() => scoreBatch(copy({ numBits: 3 }), batch.inputs, batch)).toThrow(
      new RangeError(`logits: expected [${timeSteps}, 2, 3], ${timeSteps * 6} numbers, got ${timeSteps * 10}`),
    );
    expect(() => scoreBatch(copy(), targets, undefined as never)).toThrow(
      new TypeError("batch: expected an object, got undefined"),
    );
  });
});

describe("addScores", () => {
  it("adds every count and sum", () => {
    const one = { sequences: 1, loss: 2, bits: 3, wrongBits: 1, exactMatch: 0 };
    const other = { sequences: 4, loss: 5, bits: 6, wrongBits: 0, exactMatch: 4 };
    expect(addScores(one, other)).toEqual({ sequences: 5, loss: 7, bits: 9, wrongBits: 1, exactMatch: 4 });
  });

  it("adds quantities of episodes by name", () => {
    const score = { sequences: 1, loss: 0, bits: 0, wrongBits: 0, exactMatch: 0 };
    const [one, other] = [
      { ...score, metrics: { near: 1, far: 2 } },
      { ...score, metrics: { near: 3 } },
    ];
    expect(addScores(one, other).metrics).toEqual({ near: 4, far: 2 });
    expect(addScores(score, other).metrics).toEqual({ near: 3 });
    expect(addScores(score, score)).not.toHaveProperty("metrics");
  });
});

describe("scoreEpisodes", () => {
  const results = {
    losses: Float64Array.of(0.5, 1.5),
    gradients: new Float32Array(4),
    decisions: Uint32Array.of(300, 2),
    wrongDecisions: Uint32Array.of(260, 0),
    exactMatch: Uint8Array.of(0, 1),
  };

  it("adds up what came of each", () => {
    expect(scoreEpisodes(results)).toEqual({ sequences: 2, loss: 2, bits: 302, wrongBits: 260, exactMatch: 1 });
    const { metrics } = scoreEpisodes({ ...results, metrics: { near: Float64Array.of(1, 0.5) } });
    expect(metrics).toEqual({ near: 1.5 });
  });
});
