import { element } from "../dom.js";

/** A part of the page with a heading, a sentence that explains it, and what it shows. */
export function panel(
  { title, note, name }: { readonly title: string; readonly note?: string | undefined; readonly name: string },
  ...content: readonly Node[]
): HTMLElement {
  return element(
    ...(["section", { class: `panel ${name}`, "aria-label": title }] as const),
    element("h2", {}, title),
    ...(note === undefined ? [] : [element("p", { class: "note" }, note)]),
    ...content,
  );
}
