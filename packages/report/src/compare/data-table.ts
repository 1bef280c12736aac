import { type Content, type Html, html } from "../html.js";

/** A cell of a table: what it shows, and the value that is saved as CSV if that is another. */
export type Cell = { readonly content: Content; readonly value?: string | number | undefined };

/** A dash for what is not known. */
export const UNKNOWN: Cell = { content: "\u2013", value: "" };

/**
 * Renders a table that can be saved as CSV. On a narrow page each row is a list of names and values.
 *
 * @param file - name of the file without its ending.
 * @param columns - names of the columns; the first names the rows.
 * @param rows - a cell per column.
 * @param options - `isShort`: whether the names of rows are a few characters.
 */
export function dataTable(
  file: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  { isShort = false }: { readonly isShort?: boolean } = {},
): Html {
  const head = columns.map((name, index) => html`<th scope="col"${index > 0 && html` class="number"`}>${name}</th>`);
  const lines = rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row"${savedValue(first)}>${first.content}</th>${rest.map((cell, index) => html`<td class="number" data-label="${columns[index + 1]}"${savedValue(cell)}>${cell.content}</td>`)}</tr>
`,
  );
  return html`<figure data-file="${file}"><div class="scroll"><table class="list data${isShort && " short"}">
<thead><tr>${head}</tr></thead>
<tbody>
${lines}</tbody>
</table></div><p class="files"><span class="save"></span></p></figure>`;
}

function savedValue({ value }: Cell): Html | undefined {
  return value === undefined ? undefined : html` data-value="${value}"`;
}
