import { element } from "../dom.js";
import { NAN_PIXEL, type PaletteName, paletteOf } from "./palette.js";

/** A cell of a heat map. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Options of a heat map. */
export interface HeatMapOptions {
  /** Name for people, such as "Memory". */
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** Values of the first and the last colour. */
  readonly range: readonly [low: number, high: number];
  readonly palette?: PaletteName | undefined;
  /** Called when the pointer or the arrow keys reach a cell, and with undefined when they leave. */
  readonly onPoint?: ((cell: Cell | undefined, place: DOMRect) => void) | undefined;
  /** Called when a cell is clicked, or Enter is pressed on it. */
  readonly onSelect?: ((cell: Cell) => void) | undefined;
}

/**
 * A matrix drawn as coloured cells, one pixel each, which the style sheet scales. Its cells can be reached by pointer and by arrow keys.
 */
export class HeatMap {
  readonly element: HTMLElement;
  /** What is drawn above the cells; its coordinates are columns and rows. */
  readonly overlay: SVGElement;
  readonly #options: HeatMapOptions;
  readonly #context: CanvasRenderingContext2D;
  readonly #image: ImageData;
  readonly #pixels: Uint32Array;
  readonly #pointer: HTMLElement;
  #cell: Cell | undefined;

  constructor(options: HeatMapOptions) {
    const { title, rows, columns } = options;
    this.#options = options;
    const canvas = element("canvas", { width: columns, height: rows, "aria-hidden": "true" });
    this.#context = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    this.#image = this.#context.createImageData(columns, rows);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.overlay = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.overlay.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
    this.overlay.setAttribute("preserveAspectRatio", "none");
    this.overlay.setAttribute("aria-hidden", "true");
    this.#pointer = element("div", { class: "pointed", hidden: true });
    const label = `${title}: ${counted(rows, "row")}, ${counted(columns, "column")}. Arrow keys move over the cells.`;
    this.element = element(
      ...(["div", { class: "heat-map", tabindex: "0", role: "application", "aria-label": label }] as const),
      canvas,
      this.overlay,
      this.#pointer,
    );
    this.element.style.setProperty("--rows", String(rows));
    this.element.style.setProperty("--columns", String(columns));
    this.#listen();
  }

  /**
   * Draws numbers.
   *
   * @param values - row-major.
   * @param order - rows in the order in which they are drawn; default: as they are.
   * @param columnOrder - the same for columns.
   */
  draw(values: ArrayLike<number>, order?: readonly number[], columnOrder?: readonly number[]): void {
    const { rows, columns, range, palette = "sequential" } = this.#options;
    const [low, high] = range;
    const colours = paletteOf(palette);
    const last = colours.length - 1;
    const scale = last / (high - low || 1);
    const pixels = this.#pixels;
    for (let row = 0; row < rows; row++) {
      const from = (order?.[row] ?? row) * columns;
      for (let column = 0; column < columns; column++) {
        const value = values[from + (columnOrder?.[column] ?? column)] as number;
        const index = Math.min(Math.max((value - low) * scale + 0.5, 0), last) | 0;
        pixels[row * columns + column] = Number.isNaN(value) ? NAN_PIXEL : (colours[index] as number);
      }
    }
    this.#context.putImageData(this.#image, 0, 0);
  }

  #listen(): void {
    const { element: target } = this;
    target.addEventListener("pointermove", (event) => this.#moveTo(this.#cellAt(event)));
    target.addEventListener("pointerleave", () => this.#moveTo(undefined));
    target.addEventListener("blur", () => this.#moveTo(undefined));
    target.addEventListener("click", (event) => this.#select(this.#cellAt(event)));
    target.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") this.#moveTo(undefined);
    const isHandled = event.key === "Enter" ? this.#select(this.#cell) : this.#step(event.key);
    if (!isHandled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(key: string): boolean {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ...{ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] },
    };
    const move = moves[key];
    if (!move) return false;
    const { rows, columns } = this.#options;
    const { row, column } = this.#cell ?? { row: 0, column: 0 };
    const isFirst = this.#cell === undefined;
    const [down, right] = isFirst ? [0, 0] : move;
    this.#moveTo({ row: within(row + down, rows), column: within(column + right, columns) });
    return true;
  }

  #select(cell: Cell | undefined): boolean {
    if (!cell || !this.#options.onSelect) return false;
    this.#options.onSelect(cell);
    return true;
  }

  #moveTo(cell: Cell | undefined): void {
    if (cell?.row === this.#cell?.row && cell?.column === this.#cell?.column) return;
    this.#cell = cell;
    this.#pointer.hidden = cell === undefined;
    if (cell) {
      this.#pointer.style.setProperty("--row", String(cell.row));
      this.#pointer.style.setProperty("--column", String(cell.column));
    }
    this.#options.onPoint?.(cell, cell ? this.#pointer.getBoundingClientRect() : this.element.getBoundingClientRect());
  }

  /** Shows the cell again at which the pointer is: its number has changed. */
  refresh(): void {
    if (this.#cell) this.#options.onPoint?.(this.#cell, this.#pointer.getBoundingClientRect());
  }

  #cellAt({ clientX, clientY }: MouseEvent): Cell | undefined {
    const { rows, columns } = this.#options;
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const row = Math.floor(((clientY - top) / height) * rows);
    const column = Math.floor(((clientX - left) / width) * columns);
    return row < 0 || column < 0 || row >= rows || column >= columns ? undefined : { row, column };
  }
}

function within(index: number, count: number): number {
  return Math.min(Math.max(index, 0), count - 1);
}

/** Writes a count with its noun: `1 row`, `2 rows`. */
function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
