import { element } from "../dom.js";

/** Chooses one of the sequences of a trace; not shown where there is only one. */
export class SequenceSelect {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;

  /** @param onChoose - called with the index of the sequence that was chosen. */
  constructor(onChoose: (sequence: number) => void) {
    this.#select = element("select", { onchange: () => onChoose(Number(this.#select.value)) });
    this.element = element("label", { class: "sequence-select", hidden: true }, "Sequence ", this.#select);
  }

  /** @param sequences - number of sequences, of which the first is chosen. */
  show(sequences: number): void {
    this.element.hidden = sequences < 2;
    const options = Array.from({ length: sequences }, (_, index) =>
      element("option", { value: index }, `${index + 1} of ${sequences}`),
    );
    this.#select.replaceChildren(...options);
  }
}
