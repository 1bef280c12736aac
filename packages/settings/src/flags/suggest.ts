import { formatValue } from "@dnc/report";

/**
 * Formats the error for an unknown flag or key: `unknown flag "--memory_sise"; did you mean --memory_size?`.
 *
 * @param kind - kind of the name, for the message: `flag`.
 * @param name - the unknown name; hyphens and capitals do not matter.
 * @param names - all known names.
 * @param options - `command`: the command whose help lists the names; `prefix`: prefix of the names, default: none.
 */
export function unknownName(
  kind: string,
  name: string,
  names: readonly string[],
  { command, prefix = "" }: { readonly command: string; readonly prefix?: string | undefined },
): string {
  const suggestion = closest(name.replaceAll("-", "_").toLowerCase(), names);
  const expected = suggestion ? `did you mean ${prefix}${suggestion}?` : `\`dnc ${command} --help\` lists them all`;
  return `unknown ${kind} ${formatValue(prefix + name)}; ${expected}`;
}

/**
 * Finds the most similar candidate: at most a third of its letters differ.
 *
 * @param word - the word that is none of them.
 * @param candidates - the known words.
 * @returns undefined if none is similar.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= candidate.length / 3)
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** Computes the Levenshtein distance: the number of insertions, deletions and substitutions of one letter. */
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
