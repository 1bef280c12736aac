import { describe, expect, it } from "vitest";
import { bigRepeatCopy, createRandom, dynamicAllocation } from "../../src/index.js";
import { nestedBatch } from "../support.js";

describe.each([
  ["big repeat copy", bigRepeatCopy, true],
  ["dynamic allocation", dynamicAllocation, false],
] as const)("%s", (_, create, hasEnd) => {
  it.each([false, true])("shows each pattern, then asks for it; scored everywhere: %s", (everywhere) => {
    const presentation = { signedInputs: everywhere, scoreInputs: everywhere };
    const sizes = {
      numBits: 8,
      minLength: 2,
      maxLength: 4,
      minPatterns: 1,
      maxPatterns: 3,
      lengths: true,
      batchSize: 80,
    };
    const batch = create({ ...sizes, ...presentation }).sampleBatch(createRandom(1));
    const { inputs, targets, mask } = nestedBatch(batch);
    const [off, lengths, counts] = [everywhere ? -1 : 0, new Set<number>(), new Set<number>()];
    for (let at = 0; at < 80; at++) {
      const rows = Array.from({ length: batch.lengths?.[at] as number }, (_, t) => ({
        input: inputs[t][at],
        target: targets[t][at],
        counts: mask[t][at] === 1,
      }));
      let patterns = 0;
      for (let begin = 0; begin < rows.length; patterns++) {
        const marker = rows.findIndex(({ input }, t) => t >= begin && input[8] === 1);
        const length = marker - begin;
        const shown = rows.slice(begin, marker);
        expect(rows[marker].input).toEqual([...new Array(8).fill(off), 1]);
        const answer = rows.slice(marker + 1, marker + 1 + length + (hasEnd ? 1 : 0));
        const wanted = shown.map(({ input }) => [
          ...input.slice(0, 8).map((bit) => Number(bit === 1)),
          ...(hasEnd ? [0] : []),
        ]);
        expect(answer.map(({ target }) => target)).toEqual([
          ...wanted,
          ...(hasEnd ? [[...new Array(8).fill(0), 1]] : []),
        ]);
        for (const row of answer) expect([row.input, row.counts]).toEqual([new Array(9).fill(off), true]);
        for (const row of [...shown, rows[marker]]) {
          expect(row.counts).toBe(everywhere);
          expect(row.target.every((value) => value === 0)).toBe(true);
        }
        lengths.add(length);
        begin = marker + 1 + answer.length;
      }
      counts.add(patterns);
    }
    expect([[...lengths].sort(), [...counts].sort()]).toEqual([
      [2, 3, 4],
      [1, 2, 3],
    ]);
  });
});
