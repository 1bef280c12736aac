import { type Html, html } from "./html.js";

/** One axis of an accuracy map: the sizes of its cells. */
export type SizeAxis = {
  /** Name of the size, such as "length". */
  readonly name: string;
  /** Sizes, in ascending order. */
  readonly sizes: readonly number[];
  /** The smallest and the largest size that the network was trained on; default: it was trained on none of them. */
  readonly trained?: readonly [min: number, max: number] | undefined;
};

/** Exact-match accuracy of a network by the size of the sequences. */
export type AccuracyMap = {
  /** The size that varies along a row. */
  readonly columns: SizeAxis;
  /** The size that varies along a column. Absent if sequences have one size only. */
  readonly rows?: SizeAxis | undefined;
  /** Exact-match accuracies, from 0 to 1: an array per row, with a number per column. */
  readonly exactMatch: readonly (readonly number[])[];
  /** Number of sequences evaluated for each cell. */
  readonly sequences: number;
};

/**
 * Renders an accuracy map as an HTML table of percentages, with an outline around the sizes that the network was trained on.
 *
 *     accuracyMap({ columns: { name: "length", sizes: [1, 2, 4], trained: [1, 2] }, exactMatch: [[1, 0.98, 0.4]], sequences: 100 });
 *
 * Only 1 is shown as 100, and only 0 as 0. The table is readable without styles; `renderReport` adds colours and
 * outline.
 *
 * @param map - accuracies by size.
 * @returns a `<div>` with the table; everything that comes from the map is escaped.
 */
export function accuracyMap(map: AccuracyMap): string {
  return accuracyTable(map).toString();
}

/** Renders the table of `accuracyMap`. */
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
      return html`<td class="${fraction > 0.5 ? "much" : "little"}${edges}" style="--share:${Math.round(100 * fraction)}%" data-value="${fraction}">${wholePercent(fraction)}${hidden}</td>`;
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

/** Whether the map has sizes that the network was trained on. */
export function hasTrainedSizes({ columns, rows }: AccuracyMap): boolean {
  return columns.trained !== undefined && (rows === undefined || rows.trained !== undefined);
}

function isTrained({ trained }: SizeAxis, size: number): boolean {
  return trained !== undefined && size >= trained[0] && size <= trained[1];
}

/** Rounds a fraction to a percentage; only 1 gives 100, and only 0 gives 0. */
function wholePercent(fraction: number): number {
  if (fraction === 0 || fraction === 1) return 100 * fraction;
  return Math.min(99, Math.max(1, Math.round(100 * fraction)));
}
