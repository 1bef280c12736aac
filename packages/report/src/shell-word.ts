import { utf8 } from "./tensorboard/bytes.js";
import { visibleText } from "./visible.js";

/** Words that no shell changes. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Quotes a word of a command for a POSIX shell, if necessary. Control characters are written as octal bytes, so that the
 * command can be read, copied and run.
 *
 *     shellWord("two words"); // "'two words'"
 *
 * @param word - any text, such as the name of a file.
 * @returns what a shell reads as that word, on one line unless the word has a newline.
 */
export function shellWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word === "") return "''";
  const pieces: { isHidden: boolean; text: string }[] = [];
  for (const character of word) {
    const isHidden = visibleText(character) !== character;
    const last = pieces.at(-1);
    if (last?.isHidden === isHidden) last.text += character;
    else pieces.push({ isHidden, text: character });
  }
  return pieces.map(({ isHidden, text }) => (isHidden ? printed(text) : `'${text.replaceAll("'", "'\\''")}'`)).join("");
}

/**
 * Joins words to a command line that can be pasted, quoted where necessary.
 *
 * @param words - the command and its arguments.
 */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/** A command substitution that prints the text's bytes. */
function printed(text: string): string {
  const octal = Array.from(utf8(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  return `"$(printf '${octal.join("")}')"`;
}
