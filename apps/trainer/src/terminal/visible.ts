/**
 * Characters that are invisible or that a terminal interprets: controls except the newline, line separators, marks and
 * embeddings that change the direction of text, characters without width, unpaired surrogates.
 */
const UNSHOWABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** Escapes invisible characters of untrusted text: an escape character becomes `\x1b`. Newlines are kept. */
export function visible(text: string): string {
  return text.replace(UNSHOWABLE, escaped);
}

/** Escapes invisible characters and newlines, for names of files, labels and facts. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n");
}

/** Formats a value as JSON on one line, with invisible characters as JSON escapes. */
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
