import { type Html, html } from "./html.js";

/** One setting of a run. */
export type ConfigEntry = {
  /** Name, such as "hidden_size". */
  readonly name: string;
  /** Value; objects and arrays are shown as JSON. */
  readonly value: unknown;
  /** Whether the value is the default; other values are bold; default: true. */
  readonly isDefault?: boolean | undefined;
  /** Description of the setting. */
  readonly description?: string | undefined;
};

/** Length of a value, in characters, above which it may break into lines. */
const LONGEST_WORD = 20;

/** Renders settings as a table; values that differ from the default are bold. */
export function configTable(entries: readonly ConfigEntry[]): Html {
  const isDescribed = entries.some(({ description }) => description !== undefined);
  const rows = entries.map(({ name, value, isDefault = true, description }) => {
    const text = textOf(value);
    const kind = `${text.length > LONGEST_WORD ? " long" : ""}${isDefault ? "" : " own"}`;
    return html`<tr><th scope="row"><code>${name}</code></th><td class="number${kind}">${text}</td>${isDescribed && html`<td class="help">${description}</td>`}</tr>
`;
  });
  return html`<div class="scroll"><table class="list config">
<thead><tr><th scope="col">Name</th><th scope="col" class="number">Value</th>${isDescribed && html`<th scope="col" class="help">Meaning</th>`}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

function textOf(value: unknown): string {
  return (typeof value === "object" && value !== null ? JSON.stringify(value) : undefined) ?? String(value);
}
