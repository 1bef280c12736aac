/** Attributes of an element: `on...` are listeners, `true` and `false` set or leave out, anything else is text. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/**
 * Creates an element.
 *
 *     element("button", { type: "button", onclick: play }, "Play")
 *
 * @param name - of the element.
 * @param attributes - by name; undefined and false are left out.
 * @param children - elements, and strings for text.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") created.addEventListener(key.slice(2), value as EventListener);
    else created.setAttribute(key, value === true ? "" : String(value));
  }
  created.append(...children.filter((child) => child !== undefined));
  return created;
}

/** Creates an element of an SVG. */
export function svg(name: string, attributes: Readonly<Record<string, string | number>> = {}): SVGElement {
  const created = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, String(value));
  return created;
}
