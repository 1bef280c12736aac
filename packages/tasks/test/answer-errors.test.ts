/** Errors of answers and of their words. */
import { describe, expect, it } from "vitest";
import { answerErrors } from "../src/index.js";

/** Builds a batch of one-hot symbols: for each sequence a symbol or undefined at each step, and what was put out. */
function batchOf(targets: readonly (readonly (number | undefined)[])[], outputs: readonly (readonly number[])[]) {
  const [batchSize, timeSteps, size] = [targets.length, (targets[0] as readonly unknown[]).length, 3];
  const batch = {
    timeSteps,
    batchSize,
    targets: new Float32Array(timeSteps * batchSize * size),
    mask: new Float32Array(timeSteps * batchSize),
  };
  const logits = new Float32Array(timeSteps * batchSize * size);
  targets.forEach((steps, sequence) => {
    steps.forEach((symbol, step) => {
      const row = step * batchSize + sequence;
      logits[row * size + ((outputs[sequence] as readonly number[])[step] as number)] = 1;
      if (symbol === undefined) return;
      batch.targets[row * size + symbol] = 1;
      batch.mask[row] = 1;
    });
  });
  return { batch, logits };
}

describe("errors of answers", () => {
  it("count runs of steps, and words", () => {
    const none = undefined;
    const { batch, logits } = batchOf(
      [
        [none, 1, 2, none, 0, none, 2, 2],
        [1, 1, 1, none, none, none, none, 2],
      ],
      [
        [0, 1, 0, 0, 0, 0, 1, 1],
        [1, 1, 1, 2, 2, 2, 2, 2],
      ],
    );
    expect(answerErrors(logits, batch)).toEqual([
      { answers: 3, wrongAnswers: 2, words: 5, wrongWords: 3 },
      { answers: 2, wrongAnswers: 0, words: 4, wrongWords: 0 },
    ]);
  });

  it("count NaN as wrong", () => {
    const { batch, logits } = batchOf([[1]], [[1]]);
    logits[0] = Number.NaN;
    expect(answerErrors(logits, batch)).toEqual([{ answers: 1, wrongAnswers: 1, words: 1, wrongWords: 1 }]);
  });

  it("refuse outputs of another length", () => {
    const { batch } = batchOf([[1]], [[1]]);
    expect(() => answerErrors(new Float32Array(2), batch)).toThrow("logits: expected [1, 1, 3], 3 numbers, got 2");
  });
});
