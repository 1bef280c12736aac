/**
 * Summarizes skipped tests and the reasons in one line.
 *
 * A conditional test states in its name, or in that of an enclosing group, what it needs: `(needs WHAT)` or
 * `(needs WHAT; WHAT BRINGS IT)`.
 */
const NEEDS = /\(needs ([^();]+)(?:; ([^()]+))?\)/g;

/**
 * `85 skipped: 60 need a browser (apt-get install chromium), 25 say no reason`.
 *
 * @param names - names of the skipped tests, including those of enclosing groups.
 */
export function skippedLine(names) {
  const groups = new Map();
  for (const name of names) {
    const [, what, fix] = [...name.matchAll(NEEDS)].at(-1) ?? [];
    const group = groups.get(what) ?? { what, fix, count: 0 };
    groups.set(what, { ...group, fix: group.fix ?? fix, count: group.count + 1 });
  }
  const parts = [...groups.values()].sort((a, b) => b.count - a.count).map(sentence);
  return `${names.length} skipped: ${parts.join(", ")}`;
}

function sentence({ what, fix, count }) {
  if (what === undefined) return `${count} ${count === 1 ? "says" : "say"} no reason`;
  return `${count} ${count === 1 ? "needs" : "need"} ${what}${fix === undefined ? "" : ` (${fix})`}`;
}
