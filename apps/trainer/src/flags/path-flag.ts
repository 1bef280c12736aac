import { visibleLine } from "../terminal/visible.js";

/** A scheme and an authority, or a file's URL in its short form. */
const URL_LIKE = /^([a-z][a-z0-9+.-]*:\/\/|file:)/i;

/**
 * Describes a text that cannot be a path: `the URL file:///runs/x`. A file with such a name can be given with `./` before it.
 *
 * @returns undefined if it can be one.
 */
export function notAPath(text: string): string | undefined {
  if (URL_LIKE.test(text)) return `the URL ${visibleLine(text)}`;
  return text.startsWith("--") ? `the flag ${visibleLine(text)}` : undefined;
}
