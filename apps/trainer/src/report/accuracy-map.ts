import type { Dnc } from "@dnc/core";
import { evaluate, evaluationRandom } from "../evaluation.js";
import type { Settings } from "../flags.js";
import { longestBatch } from "../sizes.js";
import { type Html, html } from "./html.js";

/** How well a network does on sequences of each size. */
export interface AccuracyMap {
  readonly lengths: readonly number[];
  /** None for a task that repeats nothing. */
  readonly repeats: readonly number[] | undefined;
  /** Shares of sequences solved: a row for each number of repeats, a column for each length. */
  readonly solved: readonly (readonly number[])[];
  /** In each cell. */
  readonly sequences: number;
}

/** More rows or columns than this are thinned: the map shows how far a network reaches, not every size. */
const MOST = 16;

/**
 * The sizes of a map: every one up to `max`, or where these are too many some of them, evenly apart.
 *
 * @param kept - sizes that are never left out, unless they are above `max`.
 */
export function mapSizes(max: number, kept: readonly number[]): readonly number[] {
  if (max <= MOST) return Array.from({ length: max }, (_, index) => index + 1);
  const apart = Array.from({ length: MOST }, (_, index) => 1 + Math.round((index * (max - 1)) / (MOST - 1)));
  return [...new Set([...apart, ...kept.filter((size) => size <= max)])].sort((a, b) => a - b);
}

/**
 * Measures a map; each cell has sequences of its own, which depend on nothing but the seed and the cell.
 *
 * @param settings - the run's; its batch size says how many sequences are computed at a time.
 * @param onCell - told after each cell which share of the work is done, and where that stands.
 */
export async function measureMap(
  core: Dnc,
  settings: Settings,
  { lengths, repeats, sequences, seed }: Omit<AccuracyMap, "solved"> & { readonly seed: number },
  onCell: (share: number, state: string) => void = () => {},
): Promise<AccuracyMap> {
  const solved: number[][] = [];
  // A cell takes as long as its sequences are.
  const steps = (length: number, times: number) =>
    longestBatch({ ...settings, max_length: length, max_repeats: times });
  const all = (repeats ?? [1]).flatMap((times) => lengths.map((length) => steps(length, times)));
  const total = all.reduce((sum, count) => sum + count, 0);
  let [cells, done] = [0, 0];
  for (const times of repeats ?? [1]) {
    const row: number[] = [];
    for (const length of lengths) {
      const exact = { min_length: length, max_length: length, min_repeats: times, max_repeats: times };
      const score = await evaluate(core, { ...settings, ...exact }, evaluationRandom(seed), sequences);
      row.push(score.exactMatch / score.sequences);
      done += steps(length, times);
      cells += 1;
      onCell(done / total, `${cells} of ${all.length} cells`);
    }
    solved.push(row);
  }
  return { lengths, repeats, solved, sequences };
}

/** The map as a table, with a line around what the network was trained on. */
export function mapTable({ lengths, repeats, solved }: AccuracyMap, trained: Settings): Html {
  const { min_length, max_length, min_repeats, max_repeats } = trained;
  const learnedColumn = lengths.map((length) => length >= min_length && length <= max_length);
  const learnedRow = repeats?.map((times) => times >= min_repeats && times <= max_repeats) ?? [true];
  const learned = (row: number, column: number) => Boolean(learnedRow[row] && learnedColumn[column]);
  const rows = solved.map((shares, row) => {
    const cells = shares.map((share, column) => {
      const inside = learned(row, column);
      const edges = inside
        ? [
            learned(row - 1, column) ? "" : " top",
            learned(row + 1, column) ? "" : " bottom",
            learned(row, column - 1) ? "" : " left",
            learned(row, column + 1) ? "" : " right",
          ]
        : [];
      const hidden = inside ? html`<span class="unseen"> (trained)</span>` : undefined;
      return html`<td class="${share > 0.5 ? "much" : "little"}${edges}" style="--share:${Math.round(100 * share)}%">${wholePercent(share)}${hidden}</td>`;
    });
    return html`<tr><th scope="row">${repeats ? repeats[row] : "solved"}</th>${cells}</tr>
`;
  });
  const head = lengths.map((length) => html`<th scope="col">${length}</th>`);
  return html`<div class="scroll"><table class="map">
<caption>Sequences without a wrong bit, %</caption>
<thead><tr><th scope="col" class="corner">${repeats ? "repeats \\ length" : "length"}</th>${head}</tr></thead>
<tbody>
${rows}</tbody>
</table></div>`;
}

/** Only all is 100 and only none is 0. */
function wholePercent(share: number): number {
  if (share === 0 || share === 1) return 100 * share;
  return Math.min(99, Math.max(1, Math.round(100 * share)));
}
