import { describe, expect, it } from "vitest";
import { sayLesion, sayOutside, sayTally, tallyOf } from "../../src/page/ask/say.js";
import { outsideOf, trainedRanges, trainedWith } from "../../src/page/ask/trained.js";
import type { SequenceView } from "../../src/page/trace/sequence-view.js";

const bits = (wrong: number, counted: number) => ({ wrong, counted, what: "bits" });

describe("the sentence of an answer", () => {
  it.each([
    [bits(0, 20), "All 20 bits are right."],
    [bits(3, 52), "3 of 52 bits are wrong."],
    [bits(1, 20), "1 of 20 bits is wrong."],
    [bits(0, 1), "The bit is right."],
    [bits(1, 1), "The bit is wrong."],
    [{ wrong: 0, counted: 1, what: "words" }, "The word is right."],
  ])("%j", (tally, sentence) => {
    expect(sayTally(tally)).toBe(sentence);
  });

  it("says what a lesion changes", () => {
    expect(sayLesion(["links"], bits(0, 20), bits(9, 20))).toBe(
      "With links all 20 bits are right, without 9 of 20 bits are wrong.",
    );
    expect(sayLesion(["links", "allocation", "read head 2"], bits(1, 4), bits(0, 4))).toBe(
      "With links, allocation and read head 2 1 of 4 bits is wrong, without all 4 bits are right.",
    );
  });

  it("says what is outside of the training", () => {
    expect(sayOutside([])).toBe("");
    expect(sayOutside(["length 9, trained with 1 to 5", "memory slots 20, trained with 16"])).toBe(
      "Outside of its training: length 9, trained with 1 to 5; memory slots 20, trained with 16.",
    );
  });
});

describe("what is counted", () => {
  const view = (more: Partial<SequenceView> = {}): SequenceView => ({
    ...{
      title: "",
      reading: "bits",
      trace: {
        quantities: {
          mask: { shape: [3, 1], data: Float32Array.of(0, 1, 1) },
          target: { shape: [3, 1, 2], data: Float32Array.of(1, 1, 1, 0, 0, 1) },
          output: { shape: [3, 1, 2], data: Float32Array.of(0, 0, 0.9, 0.1, 0.7, 0.8) },
        },
      },
    },
    ...more,
  });

  it("is bits where the target counts", () => {
    expect(tallyOf(view())).toEqual({ wrong: 1, counted: 4, what: "bits" });
  });

  it("is one symbol for each step and group", () => {
    expect(tallyOf(view({ reading: "symbols" }))).toEqual({ wrong: 0, counted: 2, what: "symbols" });
  });

  it("is steps of a path, of which every part must be right", () => {
    const target = { source: 1, edge: 2, destination: 3 };
    const answer = [{ target, output: target }, { target, output: { ...target, edge: 4 } }, { target }];
    const graph = { edges: [target], queries: [{ walk: [target], answer }] };
    expect(tallyOf(view({ graph }))).toEqual({ wrong: 2, counted: 3, what: "steps" });
  });

  it("is nothing without targets", () => {
    expect(tallyOf(view({ withoutTargets: true }))).toBeUndefined();
  });
});

describe("the sizes of a training", () => {
  const ranges = trainedRanges({
    min_length: 1,
    max_length: 5,
    max_grad_norm: 50,
    task_flags: { min_items: 2, max_items: 2 },
  });

  it("are pairs of a least and a greatest, those of the task too", () => {
    expect([...ranges]).toEqual([
      ["length", { min: 1, max: 5 }],
      ["items", { min: 2, max: 2 }],
    ]);
  });

  it("are said where a size is outside of them", () => {
    expect(outsideOf("length", 5, ranges.get("length"))).toBeUndefined();
    expect(outsideOf("length", 6, ranges.get("length"))).toBe("length 6, trained with 1 to 5");
    expect(outsideOf("items", 1, ranges.get("items"))).toBe("items 1, trained with 2");
    expect(outsideOf("repeats", 1, ranges.get("repeats"))).toBeUndefined();
    expect(trainedWith(undefined)).toBeUndefined();
  });
});
