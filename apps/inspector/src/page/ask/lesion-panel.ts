import { element } from "../dom.js";
import type { ErasedSlot, Lesions } from "../network/lesion.js";
import type { NetworkFacts } from "../worker/facts.js";
import { numberField } from "./number-field.js";

/** Slots and steps that can be named for erasing. */
const MAX_SLOT = 1023;
const MAX_STEP = 9999;

/** Lesions that are switched on. */
export interface ChosenLesions {
  readonly lesions: Lesions;
  readonly erased?: ErasedSlot | undefined;
  /** What is missing, in a few words each: `links`. */
  readonly parts: readonly string[];
}

/** Switches that take away a part of the memory, with what each of them does exactly. */
export class LesionPanel {
  readonly element: HTMLElement;
  readonly #facts: NetworkFacts;
  readonly #links: HTMLInputElement;
  readonly #allocation: HTMLInputElement;
  readonly #heads: readonly HTMLInputElement[];
  readonly #erases: HTMLInputElement;
  #slot: number;
  #step: number;

  /** @param erased - the slot and step to begin with. */
  constructor(facts: NetworkFacts, erased: ErasedSlot, onChange: () => void) {
    this.#facts = facts;
    this.#slot = erased.slot;
    this.#step = erased.step;
    const box = () => element("input", { type: "checkbox", onchange: onChange });
    this.#links = box();
    this.#links.disabled = !facts.hasLinks;
    this.#allocation = box();
    this.#heads = Array.from({ length: facts.readHeads }, box);
    this.#erases = box();
    const ifErasing = () => {
      if (this.#erases.checked) onChange();
    };
    const fields = element(
      ...(["div", { class: "fields" }] as const),
      numberField({
        ...{ label: "Slot", value: this.#slot, min: 0, max: MAX_SLOT },
        onChange: (slot) => {
          this.#slot = slot;
          ifErasing();
        },
      }),
      numberField({
        ...{ label: "Before step", value: this.#step, min: 0, max: MAX_STEP },
        onChange: (step) => {
          this.#step = step;
          ifErasing();
        },
      }),
    );
    this.element = element(
      ...(["section", { class: "panel lesions", "aria-label": "Take a part away" }] as const),
      element("h2", {}, "Take a part away"),
      element("p", { class: "note" }, "The weights stay as they were trained, so one sees what the part was for."),
      option(
        this.#links,
        "No links",
        facts.hasLinks ? NO_LINKS : "This network was trained without links.",
        facts.hasLinks,
      ),
      option(this.#allocation, "No allocation", NO_ALLOCATION),
      ...this.#heads.map((head, index) => option(head, `Read head ${index + 1} off`, index === 0 ? HEAD_OFF : "")),
      option(this.#erases, "Erase a slot", ERASED),
      fields,
    );
  }

  get chosen(): ChosenLesions {
    const off = this.#heads.flatMap((head, index) => (head.checked ? [index] : []));
    const [noLinks, noAllocation] = [this.#links.checked, this.#allocation.checked];
    const erases = this.#erases.checked;
    return {
      lesions: {
        ...(noLinks && { noLinks }),
        ...(noAllocation && { noAllocation }),
        ...(off.length > 0 && { readHeadsOff: off }),
      },
      erased: erases ? { slot: this.#slot, step: this.#step } : undefined,
      parts: [
        ...(noLinks ? ["links"] : []),
        ...(noAllocation ? ["allocation"] : []),
        ...off.map((head) => (this.#facts.readHeads === 1 ? "the read head" : `read head ${head + 1}`)),
        ...(erases ? [`the word in slot ${this.#slot}`] : []),
      ],
    };
  }
}

const NO_LINKS =
  "The biases of the read modes backward and forward are so low that their share is 0: every read head reads by content alone. Links are still written.";
const NO_ALLOCATION =
  "The weights of the allocation gate are 0 and its bias so low that the gate is 0: the write head writes only where the content matches its key.";
const HEAD_OFF =
  "The weights by which the controller and the output see the words of this head are 0, and so is its free gate.";
const ERASED =
  "The word of the slot is set to 0 between two steps. Usage and links stay, and so do words that were read.";

function option(box: HTMLInputElement, title: string, note: string, isEnabled = true): HTMLElement {
  const label = element("label", {}, box, element("span", {}, title));
  return element(
    ...(["div", { class: `option${isEnabled ? "" : " disabled"}` }] as const),
    label,
    ...(note === "" ? [] : [element("p", { class: "note" }, note)]),
  );
}
