import type { FlagValue } from "@dnc/settings";

/** Words of a command line, without flags that are not known. */
export interface SplitWords {
  readonly words: readonly string[];
  /** The values of the others by name with underscores, and their names as they were given. */
  readonly unknown: ReadonlyMap<string, { readonly word: string; readonly value: FlagValue }>;
}

/** The flags that a command knows: whether each takes a value. */
export type KnownFlags = ReadonlyMap<string, { readonly takesValue: boolean }>;

const NAME = /^[a-z][a-z0-9_]*$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Separates the flags that a command does not know: `--name=value`, `--name value`, or `--name` for true.
 *
 * @param args - words after the command; the names of known flags have underscores.
 */
export function splitWords(args: readonly string[], known: KnownFlags): SplitWords {
  const words: string[] = [];
  const unknown = new Map<string, { word: string; value: FlagValue }>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    const [, given = "", text] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const name = given.replaceAll("-", "_");
    const flag = known.get(given);
    if (word === "--") return { words: [...words, ...args.slice(at)], unknown };
    if (flag || !NAME.test(name)) {
      words.push(word);
      if (flag?.takesValue && text === undefined && at + 1 < args.length) words.push(args[++at]);
      continue;
    }
    const next = args[at + 1];
    const isValue = text === undefined && next !== undefined && !next.startsWith("--") && next !== "-h";
    unknown.set(name, { word: given, value: parsedWord(text ?? (isValue ? next : "true")) });
    if (isValue) at++;
  }
  return { words, unknown };
}

/** Converts a word to a number, true or false if it is one. */
function parsedWord(word: string): FlagValue {
  if (word === "true" || word === "false") return word === "true";
  if (!NUMBER.test(word)) return word;
  const number = Number(word);
  return Number.isFinite(number) ? (number === 0 ? 0 : number) : word; // not -0, which JSON does not have
}
