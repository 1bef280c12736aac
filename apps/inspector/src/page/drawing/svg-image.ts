import { element } from "../dom.js";

/** Shows an SVG as an image: its own styles may not be part of the page. */
export function svgImage(drawn: string, alt: string): HTMLImageElement {
  const url = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
  const image = element("img", { class: "drawn", alt, src: url });
  image.addEventListener("load", () => URL.revokeObjectURL(url));
  return image;
}
