import { visibleLine } from "../terminal/visible.js";

/** A scheme and an authority, or a file's URL in its short form. */
const URL_LIKE = /^([a-z][a-z0-9+.-]*:\/\/|file:)/i;

/**
 * What a text is that is the name of no file or folder, as the end of a sentence: `the URL file:///runs/x`. A file that is
 * really called so can be named with `./` before it.
 */
export function notAPath(text: string): string | undefined {
  if (URL_LIKE.test(text)) return `the URL ${visibleLine(text)}`;
  return text.startsWith("--") ? `the flag ${visibleLine(text)}` : undefined;
}
