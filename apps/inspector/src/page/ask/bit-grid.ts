import type { Pattern } from "@dnc/tasks";
import { element } from "../dom.js";

/** Options of a grid of bits. */
export interface BitGridOptions {
  /** What the bits are, such as "The pattern". */
  readonly title: string;
  /** `[column][row]`, each 0 or 1. */
  readonly bits: Pattern;
  /** Names a bit for those who do not see it. */
  readonly nameOf: (column: number, row: number) => string;
  /** Called when bits have changed. */
  readonly onChange: () => void;
}

/** Bits that can be drawn: by clicking, by painting with the pointer, and by arrow keys and the space bar. */
export class BitGrid {
  readonly element: HTMLElement;
  readonly #bits: number[][];
  readonly #buttons: readonly (readonly HTMLButtonElement[])[];
  readonly #onChange: () => void;
  /** The value that the pointer paints; undefined: it does not. */
  #paint: number | undefined;

  constructor({ title, bits, nameOf, onChange }: BitGridOptions) {
    this.#bits = bits.map((column) => [...column]);
    this.#onChange = onChange;
    this.#buttons = this.#bits.map((column, at) =>
      column.map((bit, row) =>
        element("button", {
          ...{ type: "button", class: "bit", "aria-pressed": String(bit === 1), "aria-label": nameOf(at, row) },
          ...{ tabindex: at === 0 && row === 0 ? 0 : -1, "data-column": at, "data-row": row },
        }),
      ),
    );
    const rows = Array.from({ length: this.#bits[0]?.length ?? 0 }, (_, row) =>
      this.#buttons.map((column) => column[row] as HTMLButtonElement),
    );
    this.element = element("div", { class: "bit-grid", role: "group", "aria-label": title }, ...rows.flat());
    this.element.style.setProperty("--columns", String(this.#bits.length));
    this.#listen();
  }

  /** `[column][row]`. */
  get bits(): Pattern {
    return this.#bits.map((column) => [...column]);
  }

  #listen(): void {
    const grid = this.element;
    grid.addEventListener("pointerdown", (event) => {
      const cell = cellOf(event.target);
      if (!cell || event.button !== 0) return;
      this.#paint = 1 - this.#bitAt(cell);
      grid.setPointerCapture(event.pointerId);
      this.#set(cell, this.#paint);
    });
    grid.addEventListener("pointermove", (event) => {
      const cell = cellOf(document.elementFromPoint(event.clientX, event.clientY));
      if (this.#paint !== undefined && cell && grid.contains(this.#button(cell) ?? null)) this.#set(cell, this.#paint);
    });
    for (const end of ["pointerup", "pointercancel"])
      grid.addEventListener(end, () => {
        this.#paint = undefined;
      });
    // A click by the keyboard or by assistive technology comes without a pointer.
    grid.addEventListener("click", (event) => {
      const cell = cellOf(event.target);
      if (cell && event.detail === 0) this.#set(cell, 1 - this.#bitAt(cell));
    });
    grid.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onKey(event: KeyboardEvent): void {
    const cell = cellOf(event.target);
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ...{ ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] },
    };
    const move = moves[event.key];
    if (!cell || !move) return;
    event.preventDefault();
    const next = this.#button({ column: cell.column + move[0], row: cell.row + move[1] });
    if (!next) return;
    (event.target as HTMLElement).tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  #set(cell: BitCell, bit: number): void {
    const column = this.#bits[cell.column];
    const button = this.#button(cell);
    if (!column || !button || column[cell.row] === bit) return;
    column[cell.row] = bit;
    button.setAttribute("aria-pressed", String(bit === 1));
    this.#onChange();
  }

  #bitAt({ column, row }: BitCell): number {
    return this.#bits[column]?.[row] ?? 0;
  }

  #button({ column, row }: BitCell): HTMLButtonElement | undefined {
    return this.#buttons[column]?.[row];
  }
}

interface BitCell {
  readonly column: number;
  readonly row: number;
}

function cellOf(target: EventTarget | null): BitCell | undefined {
  if (!(target instanceof HTMLElement) || !target.classList.contains("bit")) return undefined;
  return { column: Number(target.dataset.column), row: Number(target.dataset.row) };
}
