import { element } from "../dom.js";
import { type PaletteName, paletteOf } from "./palette.js";

/** A band of colours with the numbers that the first and the last stand for. */
export function legend(range: readonly [low: string, high: string], palette: PaletteName = "sequential"): HTMLElement {
  const colours = paletteOf(palette);
  const canvas = element("canvas", { width: colours.length, height: 1, "aria-hidden": "true" });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const image = context.createImageData(colours.length, 1);
  new Uint32Array(image.data.buffer).set(colours);
  context.putImageData(image, 0, 0);
  return element("p", { class: "legend" }, range[0], canvas, range[1]);
}
