/**
 * Checks a case's statements about ties between usages against the usages that it lists.
 *
 * Slots are sorted by `n = 1 - (1e-6 + (1 - 1e-6) u)` in float32. Per step and batch element the case records how many
 * neighbours in that order are equal, and the smallest distance between two that are not (-1 if all are equal).
 *
 * Cases of the variants count the sorts of all write heads; the listed usages are those of the first. With several heads
 * the first one's ties and distance are therefore bounds of what the case records.
 */
import { compare, exact, failed, within } from "./compare.mjs";

/** @typedef {import("./case-file.mjs").CaseFile} CaseFile */
/** @typedef {import("./case-file.mjs").Values} Values */

/**
 * @param {CaseFile} file
 * @param {string} name - name of the statements in `extra`.
 * @param {Values | undefined} usage - `[..., slots]`, the reference's.
 * @returns {Pick<import("./kinds.mjs").Computed, "checks" | "extra">}
 */
export function checkSortFacts(file, name, usage) {
  const facts = file.extra[name];
  if (facts === undefined || usage === undefined) return { checks: [], extra: [] };
  const slots = usage.shape.at(-1);
  const rows = Array.from({ length: usage.data.length / slots }, (_, row) =>
    distances(usage.data.slice(row * slots, (row + 1) * slots)),
  );
  const severalHeads = file.config.links !== undefined && file.config.num_writes > 1;
  const claims = {
    exact_ties_per_step_batch: [
      (row) => row.filter((distance) => distance === 0).length,
      exact,
      (ofFirst, recorded) => Math.max(ofFirst, recorded),
    ],
    min_nonzero_gap_per_step_batch: [
      (row) => Math.min(...row.filter((distance) => distance > 0), Infinity),
      within(1e-6),
      (ofFirst, recorded) => (recorded === -1 ? ofFirst : Math.min(ofFirst, recorded)),
    ],
  };
  const checks = Object.entries(facts).map(([key, expected]) => {
    if (!claims[key]) return failed(`extra/${name}/${key}`, "not computed: this runner does not know it");
    const [count, rule, bounded] = claims[key];
    const ofFirst = rows.map(count);
    const all = severalHeads ? ofFirst.map((value, row) => bounded(value, expected.data[row])) : ofFirst;
    const data = all.map((x) => (x === Infinity ? -1 : x));
    return compare(`extra/${name}/${key}`, expected, { ...expected, data }, rule);
  });
  return { checks, extra: [name] };
}

/** Computes the distances between neighbours in sorted order. */
function distances(usages) {
  const [least, rest] = [Math.fround(1e-6), Math.fround(1 - 1e-6)];
  const free = usages.map((usage) => Math.fround(1 - Math.fround(least + Math.fround(rest * usage))));
  const sorted = free.toSorted((a, b) => a - b);
  return sorted.slice(1).map((x, index) => x - sorted[index]);
}
