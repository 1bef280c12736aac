import { visibleText } from "./visible.js";

/** Text that is already HTML; a template inserts it unchanged. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * Values that a template accepts: text and numbers are escaped, HTML is inserted unchanged, undefined and false are
 * omitted, arrays are concatenated.
 */
export type Content = Html | string | number | undefined | false | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Builds HTML or SVG from a template. Every value, between tags or between quotes, is escaped unless it is `Html`. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((text, index) => text + textOf(values[index])).join(""));
}

/** Renders a command line that breaks only at its spaces. */
export function commandCode(command: string): Html {
  const words = command.split(" ").map((word, index) => html`${index > 0 ? " " : ""}<span>${word}</span>`);
  return html`<code>${words}</code>`;
}

/** Renders a time as `2025-01-31 23:59 UTC`. An invalid date is shown as such. */
export function time(date: Date): Html {
  if (Number.isNaN(date.getTime())) return html`<time>${String(date)}</time>`;
  const moment = date.toISOString();
  return html`<time datetime="${moment}">${moment.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.toString();
  if (typeof content === "object") return content.map(textOf).join("");
  return visibleText(String(content)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]);
}
