/**
 * What was skipped, and why, in one line.
 *
 * A test that may be skipped says in its name, or in that of a group around it, what it needs: `(needs WHAT)` or
 * `(needs WHAT; WHAT BRINGS IT)`.
 */
const NEEDS = /\(needs ([^();]+)(?:; ([^()]+))?\)/g;

/**
 * `85 skipped: 60 need a browser (apt-get install chromium), 25 say no reason`.
 *
 * @param names - of the skipped tests, with those of the groups around them.
 */
export function skippedLine(names) {
  const groups = new Map();
  for (const name of names) {
    const [, what, remedy] = [...name.matchAll(NEEDS)].at(-1) ?? [];
    const group = groups.get(what) ?? { what, remedy, count: 0 };
    groups.set(what, { ...group, remedy: group.remedy ?? remedy, count: group.count + 1 });
  }
  const parts = [...groups.values()].sort((a, b) => b.count - a.count).map(sentence);
  return `${names.length} skipped: ${parts.join(", ")}`;
}

function sentence({ what, remedy, count }) {
  if (what === undefined) return `${count} ${count === 1 ? "says" : "say"} no reason`;
  return `${count} ${count === 1 ? "needs" : "need"} ${what}${remedy === undefined ? "" : ` (${remedy})`}`;
}
