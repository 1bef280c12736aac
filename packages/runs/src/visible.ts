/**
 * Characters that a terminal does not show as what they are: controls except the newline, line separators, marks and
 * embeddings that change the direction of text, characters without width, unpaired surrogates.
 */
const UNSHOWABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** The longest name that `quoted` shows whole. */
const MAX_QUOTED = 60;

/** Escapes invisible characters and newlines, for names of files in messages. */
export function visibleLine(text: string): string {
  return text.replace(UNSHOWABLE, escaped).replaceAll("\n", "\\n");
}

/** A name as JSON, with invisible characters as JSON's escapes, cut where it gets long. */
export function quoted(name: string): string {
  if (name === "") return "nothing";
  const text = JSON.stringify(name).replace(UNSHOWABLE, (character) => `\\u${hex(character, 4)}`);
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED - 3)}...` : text;
}

function escaped(character: string): string {
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  return character.charCodeAt(0) < 0x100 ? `\\x${hex(character, 2)}` : `\\u${hex(character, 4)}`;
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, "0");
}
