/**
 * Characters that a page does not show as what they are: controls except the newline, line separators, marks and embeddings
 * that change the direction of text, characters without width, unpaired surrogates. Most controls are not valid in XML.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ufffe\uffff]|\p{Surrogate}/gu;

/** Replaces invisible characters by JavaScript's escapes, so that text from a file shows everything it has: `\x1b`, `\u202e`. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, escapeSequence);
}

function escapeSequence(character: string): string {
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
