import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleEvenly } from "../src/sample-evenly.js";
import { markedSample } from "../src/samples.js";

describe("evenly sampled items", () => {
  it("are the first, the last and some between", () => {
    expect(sampleEvenly([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 3, 6, 9]);
    expect(sampleEvenly([1, 2], 4)).toEqual([1, 2]);
  });
});

describe("the text of a sample", () => {
  it("has the wrong bits marked", () => {
    const text = "Observations:\n+1 -+\n\nTargets:\n+1 -+\n+- 1+\n\nModel Output:\n+1 1+\n+- 1+";
    expect(String(markedSample(text))).toBe(text.replace("+1 1+", "+1 <mark>1</mark>+"));
  });

  it.each(["<b>no sample</b>", "Targets:\n1\nModel Output:\n<i>\n11", "my Targets:\n1\nModel Output:\n2", ""])(
    "is unchanged: %s",
    (text) => {
      expect(String(markedSample(text))).toBe(text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
    },
  );

  it("is complete, whatever characters are marked", () => {
    const part = fc.string({ unit: fc.constantFrom("1", "-", "+", " ", "\n", "😀", "Targets:\n", "Model Output:\n") });
    fc.assert(
      fc.property(part, part, (targets, output) => {
        const text = `Targets:\n${targets}\nModel Output:\n${output}|`;
        expect(String(markedSample(text)).replace(/<\/?mark>/g, "")).toBe(text);
      }),
      { seed: 1 },
    );
  });

  it("is read in linear time", () => {
    // With quadratic time this takes half an hour.
    const text = "Targets:\n".repeat(1_000_000);
    expect(String(markedSample(text))).toBe(text);
  });
});
