import { createRandom, type KeyValuePair } from "@dnc/tasks";
import { element } from "../dom.js";
import type { Question } from "../worker/question.js";
import { BitGrid } from "./bit-grid.js";
import type { Editor, EditorContext } from "./editor.js";
import { numberField } from "./number-field.js";
import { outsideOf, trainedWith } from "./trained.js";

/** Most pairs that can be asked about. */
const MAX_PAIRS = 64;

/** A question about pairs. */
export type PairsQuestion = Extract<Question, { readonly kind: "keyValue" | "twoWayKeyValue" }>;

/** Numbers of bits of keys and values. */
export interface PairBits {
  readonly keyBits: number;
  readonly valueBits: number;
}

/** Draws keys and values, and chooses the pair that is asked for first. */
export class PairsEditor implements Editor {
  readonly element = element("div", { class: "editor" });
  readonly #context: EditorContext;
  readonly #kind: PairsQuestion["kind"];
  readonly #bits: PairBits;
  readonly #list = element("ol", { class: "bit-items pairs" });
  #pairs: KeyValuePair[] = [];
  #first: number;

  constructor({ kind, asked }: PairsQuestion, bits: PairBits, context: EditorContext) {
    this.#kind = kind;
    this.#bits = bits;
    this.#context = context;
    this.#first = asked.pairs.findIndex(([key]) => key === asked.queries[0]);
    this.#show(asked.pairs);
    const count = numberField({
      ...{ label: "Pairs", value: asked.pairs.length, min: 1, max: Math.min(MAX_PAIRS, 2 ** bits.keyBits) },
      hint: trainedWith(context.ranges.get("items")),
      onChange: (value) => {
        this.#first = Math.min(this.#first, value - 1);
        this.#show(resizedPairs(this.#pairs, value, bits));
        context.onChange();
      },
    });
    const note =
      "Draw a key and a value in each line, and choose the key that is asked for first; all others follow. Pairs are shown in the order of their keys.";
    this.element.append(element("div", { class: "fields" }, count), this.#list, element("p", { class: "note" }, note));
  }

  question(): Question | string {
    const pairs = [...this.#pairs];
    const same = pairs.findIndex(([key], index) => pairs.findIndex(([other]) => other === key) < index);
    if (same >= 0) return `The key of pair ${same + 1} is there twice: change one of its bits.`;
    const order = [this.#first, ...pairs.keys()].filter((index, place, all) => all.indexOf(index) === place);
    const queries = order.map((index) => (pairs[index] as KeyValuePair)[0]);
    const valueQueries = [...new Set(order.map((index) => (pairs[index] as KeyValuePair)[1]))];
    return this.#kind === "keyValue"
      ? { kind: "keyValue", asked: { pairs, queries } }
      : { kind: "twoWayKeyValue", asked: { pairs, queries, valueQueries } };
  }

  outside(): readonly string[] {
    const text = outsideOf("pairs", this.#pairs.length, this.#context.ranges.get("items"));
    return text === undefined ? [] : [text];
  }

  #show(pairs: readonly KeyValuePair[]): void {
    const { onChange } = this.#context;
    this.#pairs = [...pairs];
    const rows = pairs.map((pair, index) => {
      const grids = (["key", "value"] as const).map((what, part) => {
        const bits = what === "key" ? this.#bits.keyBits : this.#bits.valueBits;
        const grid: BitGrid = new BitGrid({
          ...{ title: `Pair ${index + 1}, ${what}`, bits: bitsOf(pair[part] as number, bits).map((bit) => [bit]) },
          nameOf: (column) => `pair ${index + 1}, ${what}, bit ${column + 1}`,
          onChange: () => {
            const number = numberOf(grid.bits.map(([bit]) => bit as number));
            const [key, value] = this.#pairs[index] as KeyValuePair;
            this.#pairs[index] = part === 0 ? [number, value] : [key, number];
            onChange();
          },
        });
        return grid.element;
      });
      const radio = element("input", {
        ...{ type: "radio", name: "pair-query", checked: index === this.#first },
        onchange: () => {
          this.#first = index;
          onChange();
        },
      });
      return element("li", {}, ...grids, element("label", {}, radio, "asked first"));
    });
    this.#list.replaceChildren(...rows);
  }
}

/** More or fewer pairs: new ones have random values, the same for the same place, and keys that are not there yet. */
export function resizedPairs(
  pairs: readonly KeyValuePair[],
  count: number,
  { keyBits, valueBits }: PairBits,
): readonly KeyValuePair[] {
  const all = pairs.slice(0, count);
  while (all.length < count) {
    const random = createRandom(all.length);
    let key = random.integer(0, 2 ** keyBits - 1);
    while (all.some(([known]) => known === key)) key = (key + 1) % 2 ** keyBits;
    all.push([key, random.integer(0, 2 ** valueBits - 1)]);
  }
  return all;
}

/** The bits of a number, the lowest first. */
function bitsOf(number: number, bits: number): readonly number[] {
  return Array.from({ length: bits }, (_, bit) => (number >> bit) & 1);
}

function numberOf(bits: readonly number[]): number {
  return bits.reduce((sum, bit, place) => sum + bit * 2 ** place, 0);
}
