/** Characters that take two columns in a terminal: East Asian scripts, full-width forms, emoji. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f/u;

const SEGMENTER = new Intl.Segmenter();

/** Returns the columns that a text without control characters takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of charactersOf(text)) width += characterWidth(character);
  return width;
}

/**
 * Cuts a text to a width, and fills it with spaces.
 *
 * @param text - a line without control characters.
 * @param width - number of columns.
 * @param options - `cut`: ends a text that is cut; default: nothing. `fill`: whether to add spaces; default: true.
 */
export function fitted(text: string, width: number, { cut = "", fill = true } = {}): string {
  let fitting = text;
  if (textWidth(text) > width) {
    const end = width >= cut.length ? cut : "";
    fitting = "";
    let space = width - end.length;
    for (const character of charactersOf(text)) {
      space -= characterWidth(character);
      if (space < 0) break;
      fitting += character;
    }
    fitting += end;
  }
  return fill ? fitting + " ".repeat(Math.max(0, width - textWidth(fitting))) : fitting;
}

/** Splits a text into characters as people see them. */
function charactersOf(text: string): string[] {
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}

function characterWidth(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}
