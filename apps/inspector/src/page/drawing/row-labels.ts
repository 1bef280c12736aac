import { element } from "../dom.js";

/** Rows that are named: all if there is space, otherwise every second, fourth and so on. */
export function rowLabels(rows: readonly string[], most = 24): readonly HTMLElement[] {
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(rows.length / most)));
  return rows.flatMap((text, row) => {
    if (row % every > 0) return [];
    const label = element("span", {}, text);
    label.style.setProperty("--row", String(row));
    return [label];
  });
}
