import { element } from "../dom.js";
import { formatNumber } from "../trace/describe-step.js";
import { QUANTITIES } from "../trace/quantities.js";
import type { Part, Watched } from "./watched.js";

/** Quantities with at most this many numbers at a step are listed whole. */
const MOST = 512;

/** All numbers of a step as text, for reading and for screen readers; made while it is open. */
export function numbersPanel({ trace, playback }: Watched): Part {
  const table = element("tbody");
  const details = element(
    ...(["details", { class: "panel numbers" }] as const),
    element("summary", {}, "All numbers of this step"),
    element(
      ...(["table", {}] as const),
      element("thead", {}, element("tr", {}, element("th", {}, "Quantity"), element("th", {}, "Numbers"))),
      table,
    ),
  );
  const show = (step: number) => {
    if (details.open) table.replaceChildren(...rowsOf(step));
  };
  const rowsOf = (step: number) =>
    Object.entries(QUANTITIES)
      .filter(([name]) => trace.has(name))
      .map(([name, { title, equation, inTrace }]) => {
        const values = trace.at(name, step);
        const text = Array.from(values.subarray(0, MOST), formatNumber).join(" ");
        const rest = values.length > MOST ? ` and ${values.length - MOST} more` : "";
        const shape = trace.shape(name).join(" × ");
        return element(
          ...(["tr", { "data-quantity": name }] as const),
          element(
            ...(["th", { scope: "row" }] as const),
            title,
            element("small", {}, shape === "" ? "" : ` ${shape}`),
            element("code", {}, equation),
            ...(inTrace === undefined ? [] : [element("small", {}, `here: ${inTrace}`)]),
          ),
          element("td", {}, text + rest),
        );
      });
  details.addEventListener("toggle", () => show(playback.step));
  return { element: details, showStep: show };
}
