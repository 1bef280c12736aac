/** Channels that stand for words or digits are read as such. */
import { describe, expect, it } from "vitest";
import { SequenceTrace } from "../src/page/trace/trace.js";
import { wordsOf } from "../src/page/trace/words.js";

const digits = (name: string) =>
  [1, 2].flatMap((place) => Array.from({ length: 4 }, (_, digit) => `${name} ${place}: ${digit}`));
const LABELS = [...digits("source"), ...digits("edge")];

function traceOf(rows: readonly (readonly number[])[], mask: readonly number[], size: number): SequenceTrace {
  const data = new Float32Array(rows.length * size);
  rows.forEach((channels, step) => {
    for (const channel of channels) data[step * size + channel] = 1;
  });
  const shape = [rows.length, 1, size];
  const quantities = { observations: { shape, data }, output: { shape, data } };
  return new SequenceTrace({
    quantities: { ...quantities, mask: { shape: [rows.length, 1], data: Float32Array.from(mask) } },
  });
}

describe("words of channels", () => {
  it("are numbers where channels are digits; a missing digit is a dash, no digit at all no word", () => {
    const trace = traceOf([[1, 6, 8, 15], [3, 4], []], [0, 1, 1], LABELS.length);
    expect(wordsOf(trace, "observations", LABELS)).toEqual(["12 03", "30 ––", ""]);
  });

  it("are those of outputs only where they count", () => {
    const trace = traceOf([[1, 6, 8, 15], [3, 4], []], [0, 1, 1], LABELS.length);
    expect(wordsOf(trace, "output", LABELS)).toEqual(["", "30 ––", ""]);
  });

  it("are labels where a channel is a word, and none for a few channels", () => {
    const labels = Array.from({ length: 20 }, (_, index) => `word${index}`);
    const trace = traceOf([[7], [], [19]], [1, 1, 1], labels.length);
    expect(wordsOf(trace, "observations", labels)).toEqual(["word7", "", "word19"]);
    expect(wordsOf(trace, "observations", labels.slice(0, 8))).toBeUndefined();
  });
});
