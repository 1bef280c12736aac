/**
 * Characters that a page or a terminal does not show as what they are: controls except the newline, line separators, marks
 * and embeddings that change the direction of text, characters without width, unpaired surrogates. Most controls are not
 * valid in XML, and a terminal obeys them.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Escapes invisible characters of untrusted text, so that it shows everything it has and no terminal obeys it.
 *
 *     visibleText("\x1b[31mred\u202e"); // "\\x1b[31mred\\u202e"
 *
 * @param text - of any origin.
 * @returns the text with JavaScript's escapes in place of invisible characters. Newlines stay.
 */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, escapeSequence);
}

/**
 * Escapes invisible characters and newlines of untrusted text, such as a file's name, a label or a fact.
 *
 * @param text - of any origin.
 * @returns one line.
 */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll("\n", "\\n");
}

/**
 * Formats a value as JSON on one line, with invisible characters as JSON's escapes.
 *
 * @param value - anything that JSON can represent.
 * @returns JSON of the same value.
 */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(INVISIBLE, unicodeEscape);
}

function escapeSequence(character: string): string {
  if (character === "\t") return "\\t";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : unicodeEscape(character);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
