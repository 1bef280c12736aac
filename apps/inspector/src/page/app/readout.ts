import { element } from "../dom.js";

/** What the pointer is at: a name, a number, and where it comes from. */
export interface Reading {
  readonly name: string;
  readonly value: string;
  readonly equation?: string | undefined;
}

/** Shows the number under the pointer beside it, and says it to screen readers. */
export class Readout {
  readonly element = element("div", { class: "readout", hidden: true, "aria-hidden": "true" });
  /** The same as text for screen readers. */
  readonly spoken = element("p", { class: "unseen", role: "status", "aria-live": "polite", id: "readout" });

  /** @param place - of what is pointed at, in the window. */
  show({ name, value, equation }: Reading, place: DOMRect): void {
    this.element.replaceChildren(
      element("span", { class: "name" }, name),
      element("strong", {}, value),
      ...(equation === undefined ? [] : [element("code", {}, equation)]),
    );
    this.element.hidden = false;
    this.spoken.textContent = `${name}: ${value}`;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.min(Math.max(8, place.left + place.width / 2 - width / 2), innerWidth - width - 8);
    const above = place.top - height - 10;
    this.element.style.setProperty("left", `${left}px`);
    this.element.style.setProperty("top", `${above < 8 ? place.bottom + 10 : above}px`);
  }

  hide(): void {
    this.element.hidden = true;
  }
}
