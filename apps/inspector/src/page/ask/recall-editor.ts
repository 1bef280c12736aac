import { createRandom, type Pattern, type RecallQuestion } from "@dnc/tasks";
import { element } from "../dom.js";
import type { Question } from "../worker/question.js";
import { BitGrid } from "./bit-grid.js";
import type { Editor, EditorContext } from "./editor.js";
import { numberField } from "./number-field.js";
import { outsideOf, trainedWith } from "./trained.js";

/** Most items that can be asked about. */
const MAX_ITEMS = 30;

/** Draws the items of associative recall, and chooses the one that is shown again. */
export class RecallEditor implements Editor {
  readonly element = element("div", { class: "editor" });
  readonly #context: EditorContext;
  readonly #list = element("ol", { class: "bit-items" });
  #grids: readonly BitGrid[] = [];
  #query: number;

  constructor({ items, query }: RecallQuestion, context: EditorContext) {
    this.#context = context;
    this.#query = query;
    this.#show(items);
    const count = numberField({
      ...{ label: "Items", value: items.length, min: 2, max: MAX_ITEMS },
      hint: trainedWith(context.ranges.get("items")),
      onChange: (value) => {
        this.#query = Math.min(this.#query, value - 2);
        this.#show(resizedItems(this.#items, value));
        context.onChange();
      },
    });
    const note = "Draw the items and choose the one that is shown again. The network answers with the item after it.";
    this.element.append(element("div", { class: "fields" }, count), this.#list, element("p", { class: "note" }, note));
  }

  question(): Question {
    return { kind: "recall", asked: { items: this.#items, query: this.#query } };
  }

  outside(): readonly string[] {
    const text = outsideOf("items", this.#grids.length, this.#context.ranges.get("items"));
    return text === undefined ? [] : [text];
  }

  get #items(): readonly Pattern[] {
    return this.#grids.map(({ bits }) => bits);
  }

  #show(items: readonly Pattern[]): void {
    const { onChange } = this.#context;
    this.#grids = items.map(
      (bits, item) =>
        new BitGrid({
          ...{ title: `Item ${item + 1}`, bits, onChange },
          nameOf: (column, row) => `item ${item + 1}, vector ${column + 1}, bit ${row + 1}`,
        }),
    );
    const rows = this.#grids.map(({ element: grid }, item) => {
      const isLast = item === items.length - 1;
      const radio = element("input", {
        ...{ type: "radio", name: "recall-query", checked: item === this.#query },
        onchange: () => {
          this.#query = item;
          onChange();
        },
      });
      return element("li", {}, grid, ...(isLast ? [] : [element("label", {}, radio, "is shown again")]));
    });
    this.#list.replaceChildren(...rows);
  }
}

/** More or fewer items: new ones have random bits, the same for the same place. */
function resizedItems(items: readonly Pattern[], count: number): readonly Pattern[] {
  return Array.from({ length: count }, (_, item) => {
    const random = createRandom(item);
    return items[item] ?? (items[0] as Pattern).map((bits) => bits.map(() => random.integer(0, 1)));
  });
}
