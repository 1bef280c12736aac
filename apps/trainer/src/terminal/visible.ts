/**
 * What a terminal obeys instead of showing: controls other than the newline, DEL, those of C1, line separators, marks and
 * embeddings that turn the text around, what takes no room, halves of surrogate pairs.
 */
const UNSHOWABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** A text that may come from a file or a flag, so that all of it shows: an escape character becomes `\x1b`. Lines stay. */
export function visible(text: string): string {
  return text.replace(UNSHOWABLE, escaped);
}

/** The same on one line: a newline shows as `\n` too. For names of files, labels and facts. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n");
}

/** A value as JSON on one line. What a terminal would obey is escaped: it means the same to who parses it. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSHOWABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function escaped(character: string): string {
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
