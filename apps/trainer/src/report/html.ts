import { visible } from "../visible.js";

/** A piece of a page that is HTML already. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a page: text is escaped, HTML stays, of nothing nothing appears. */
export type Content = Html | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template of HTML: whatever is put in, between tags or between quotes, is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.map((text, index) => text + textOf(values[index])).join(""));
}

/** A command line, which breaks at its blanks only. */
export function commandCode(command: string): Html {
  const words = command.split(" ").map((word, index) => html`${index > 0 ? " " : ""}<span>${word}</span>`);
  return html`<code>${words}</code>`;
}

/** A moment: `2025-01-31 23:59 UTC`. */
export function time(date: Date): Html {
  const moment = date.toISOString();
  return html`<time datetime="${moment}">${moment.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function textOf(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.toString();
  if (typeof content === "object") return content.map(textOf).join("");
  return visible(String(content)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]);
}
