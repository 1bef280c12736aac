import { type Html, html } from "./html.js";

/** The sizes along one axis of an accuracy map. */
export type SizeAxis = {
  /** Of the size, such as "length". */
  readonly name: string;
  /** In ascending order. */
  readonly sizes: readonly number[];
  /** The smallest and the largest size that the network was trained on. Default: it was trained on none of them. */
  readonly trained?: readonly [min: number, max: number] | undefined;
};

/** How many sequences of each size a network answers without an error. */
export type AccuracyMap = {
  /** The size that varies along a row. */
  readonly columns: SizeAxis;
  /** The size that varies along a column. Absent if sequences have one size only. */
  readonly rows?: SizeAxis | undefined;
  /** Fractions of the sequences, from 0 to 1: a list for each row, with a number for each column. */
  readonly exactMatch: readonly (readonly number[])[];
  /** Evaluated in each cell. */
  readonly sequences: number;
};

/**
 * Renders an accuracy map as an HTML table of percentages, with an outline around the sizes that the network was trained on.
 *
 *     accuracyMap({ columns: { name: "length", sizes: [1, 2, 4], trained: [1, 2] }, exactMatch: [[1, 0.98, 0.4]], sequences: 100 });
 *
 * Only 1 is shown as 100, and only 0 as 0. The table is readable as it is; `renderReport` adds the colours and draws the outline.
 *
 * @param map - fractions by size.
 * @returns a `<div>` with the table; everything that comes from the map is escaped.
 */
export function accuracyMap(map: AccuracyMap): string {
  return accuracyTable(map).toString();
}

/** The table of `accuracyMap`. */
export function accuracyTable({ columns, rows, exactMatch }: AccuracyMap): Html {
  const trainedColumn = columns.sizes.map((size) => isTrained(columns, size));
  const trainedRow = rows?.sizes.map((size) => isTrained(rows, size)) ?? [true];
  const isInside = (row: number, column: number) => Boolean(trainedRow[row] && trainedColumn[column]);
  const lines = exactMatch.map((fractions, row) => {
    const cells = fractions.map((fraction, column) => {
      const inside = isInside(row, column);
      const edges = inside
        ? [
            isInside(row - 1, column) ? "" : " top",
            isInside(row + 1, column) ? "" : " bottom",
            isInside(row, column - 1) ? "" : " left",
            isInside(row, column + 1) ? "" : " right",
          ]
        : [];
      const hidden = inside ? html`<span class="unseen"> (trained)</span>` : undefined;
      return html`<td class="${fraction > 0.5 ? "much" : "little"}${edges}" style="--share:${Math.round(100 * fraction)}%">${wholePercent(fraction)}${hidden}</td>`;
    });
    return html`<tr><th scope="row">${rows ? rows.sizes[row] : "exact match"}</th>${cells}</tr>
`;
  });
  const head = columns.sizes.map((size) => html`<th scope="col">${size}</th>`);
  return html`<div class="scroll"><table class="map">
<caption>Sequences without an error, %</caption>
<thead><tr><th scope="col" class="corner">${rows ? `${rows.name} \\ ${columns.name}` : columns.name}</th>${head}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>`;
}

/** Whether the map says which sizes the network was trained on. */
export function hasTrainedSizes({ columns, rows }: AccuracyMap): boolean {
  return columns.trained !== undefined && (rows === undefined || rows.trained !== undefined);
}

function isTrained({ trained }: SizeAxis, size: number): boolean {
  return trained !== undefined && size >= trained[0] && size <= trained[1];
}

/** Only 1 is 100 and only 0 is 0. */
function wholePercent(fraction: number): number {
  if (fraction === 0 || fraction === 1) return 100 * fraction;
  return Math.min(99, Math.max(1, Math.round(100 * fraction)));
}
