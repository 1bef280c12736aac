import { visible } from "./visible.js";

/** Words that need no quoting. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Quotes a word of a command for a POSIX shell, if necessary. Control characters are written as octal bytes, so that the
 * command can be read, copied and run.
 */
export function shellWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word === "") return "''";
  const pieces: string[] = [];
  for (const [, hidden, shown] of Array.from(word, part).reduce(joined, [])) {
    pieces.push(hidden ? `"$(printf '${octal(hidden)}')"` : `'${shown.replaceAll("'", "'\\''")}'`);
  }
  return pieces.join("");
}

/** Joins words to a command line that can be pasted, quoted where necessary. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/** Quotes the folder of a run, as a word that does not look like a flag. */
export function runWord(folder: string): string {
  return folder.startsWith("-") ? `./${folder}` : folder;
}

type Part = readonly [kind: "hidden" | "shown", hidden: string, shown: string];

function part(character: string): Part {
  return visible(character) === character ? ["shown", "", character] : ["hidden", character, ""];
}

/** Merges neighbours of one kind. */
function joined(parts: Part[], [kind, hidden, shown]: Part): Part[] {
  const last = parts.at(-1);
  if (last?.[0] !== kind) return [...parts, [kind, hidden, shown]];
  return [...parts.slice(0, -1), [kind, last[1] + hidden, last[2] + shown]];
}

function octal(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
