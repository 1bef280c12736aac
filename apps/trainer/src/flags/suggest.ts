import { formatValue } from "@dnc/report";

/**
 * Formats the error for an unknown flag or key: `unknown flag "--memory_sise"; did you mean --memory_size?`.
 *
 * @param name - as it was given; hyphens and capitals do not matter.
 * @param names - of all that there are.
 * @param options - `command`: whose help lists them; `prefix`: of each name, default: none.
 */
export function unknownName(
  what: string,
  name: string,
  names: readonly string[],
  { command, prefix = "" }: { readonly command: string; readonly prefix?: string },
): string {
  const guess = closest(name.replaceAll("-", "_").toLowerCase(), names);
  const expected = guess ? `did you mean ${prefix}${guess}?` : `\`dnc ${command} --help\` lists them all`;
  return `unknown ${what} ${formatValue(prefix + name)}; ${expected}`;
}

/** The candidate that was probably meant: at most a third of its letters away; undefined if there is none. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= candidate.length / 3)
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** Levenshtein distance: insertions, deletions and substitutions of one letter. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
