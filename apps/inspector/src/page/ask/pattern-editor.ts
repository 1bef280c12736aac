import { createRandom, type Pattern } from "@dnc/tasks";
import { element } from "../dom.js";
import type { Question } from "../worker/question.js";
import { BitGrid } from "./bit-grid.js";
import type { Editor, EditorContext } from "./editor.js";
import { numberField } from "./number-field.js";
import { outsideOf, trainedWith } from "./trained.js";

/** Longest pattern, and most repeats, that can be asked for. */
const MAX_LENGTH = 60;
const MAX_REPEATS = 20;

/** A question about one pattern. */
export type PatternQuestion = Extract<Question, { readonly kind: "copy" | "repeatCopy" }>;

/** Draws a pattern and, for repeat copy, chooses the number of repeats. */
export class PatternEditor implements Editor {
  readonly element = element("div", { class: "editor" });
  readonly #context: EditorContext;
  readonly #place = element("div", { class: "bit-scroll", tabindex: 0, role: "group", "aria-label": "Drawing" });
  #grid: BitGrid;
  #repeats: number | undefined;

  constructor(question: PatternQuestion, context: EditorContext) {
    const { asked } = question;
    const { ranges, onChange } = context;
    this.#context = context;
    this.#repeats = "repeats" in asked ? asked.repeats : undefined;
    this.#grid = this.#show(asked.pattern);
    const length = numberField({
      ...{ label: "Length", value: asked.pattern.length, min: 1, max: MAX_LENGTH },
      hint: trainedWith(ranges.get("length")),
      onChange: (value) => {
        this.#grid = this.#show(resized(this.#grid.bits, value));
        onChange();
      },
    });
    const repeats = numberField({
      ...{ label: "Repeats", value: this.#repeats ?? 1, min: 1, max: MAX_REPEATS },
      hint: trainedWith(ranges.get("repeats")),
      onChange: (value) => {
        this.#repeats = value;
        onChange();
      },
    });
    const fields = element("div", { class: "fields" }, length, ...(this.#repeats === undefined ? [] : [repeats]));
    const hint =
      "Draw: click or paint the bits, or move with the arrow keys and press the space bar. Time runs from left to right.";
    this.element.append(fields, this.#place, element("p", { class: "note" }, hint));
  }

  question(): Question {
    const pattern = this.#grid.bits;
    return this.#repeats === undefined
      ? { kind: "copy", asked: { pattern } }
      : { kind: "repeatCopy", asked: { pattern, repeats: this.#repeats } };
  }

  outside(): readonly string[] {
    const { ranges } = this.#context;
    const length = outsideOf("length", this.#grid.bits.length, ranges.get("length"));
    const repeats =
      this.#repeats === undefined ? undefined : outsideOf("repeats", this.#repeats, ranges.get("repeats"));
    return [length, repeats].filter((text) => text !== undefined);
  }

  #show(pattern: Pattern): BitGrid {
    const grid = new BitGrid({
      ...{ title: "The pattern", bits: pattern, onChange: this.#context.onChange },
      nameOf: (column, row) => `vector ${column + 1}, bit ${row + 1}`,
    });
    this.#place.replaceChildren(grid.element);
    return grid;
  }
}

/** A pattern of another length: vectors that are new have random bits, the same for the same length. */
export function resized(pattern: Pattern, length: number): Pattern {
  const numBits = pattern[0]?.length ?? 0;
  return Array.from({ length }, (_, step) => {
    const random = createRandom(step);
    return pattern[step] ?? Array.from({ length: numBits }, () => random.integer(0, 1));
  });
}
