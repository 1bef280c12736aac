/**
 * Characters that are invisible on a page or change how text is displayed: controls except the newline, line
 * separators, marks and embeddings that change the direction of text, characters without width, unpaired surrogates.
 * Most controls are not valid in XML.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Replaces invisible characters by JavaScript's escapes, such as `\x1b` and `\u202e`, so that all of a text is visible.
 */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, escapeSequence);
}

function escapeSequence(character: string): string {
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
