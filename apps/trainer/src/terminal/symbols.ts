/** Signs that a terminal shows. */
export interface Symbols {
  /** An exact 0 in a sample. */
  readonly zero: string;
  /** A wrong value of one character, without colours. */
  readonly wrong: string;
  /** Parts of a progress bar. */
  readonly done: string;
  readonly left: string;
  /** End of a text that was cut. */
  readonly cut: string;
}

/** Signs for terminals that show Unicode. */
export const UNICODE: Symbols = { zero: "·", wrong: "×", done: "━", left: "─", cut: "…" };

/** Signs for all others. */
export const ASCII: Symbols = { zero: ".", wrong: "x", done: "#", left: ".", cut: "~" };

/**
 * Picks the signs that the terminal of this process shows: Unicode if its locale has UTF-8, and in every terminal of Windows
 * that is not the old console.
 *
 * @param environment - default: that of this process.
 * @param platform - default: that of this process.
 */
export function symbolsFor(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): Symbols {
  const { LC_ALL, LC_CTYPE, LANG, TERM, WT_SESSION, TERM_PROGRAM } = environment;
  if (platform === "win32") return WT_SESSION || TERM_PROGRAM ? UNICODE : ASCII;
  if (TERM === "linux") return ASCII;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || "") ? UNICODE : ASCII;
}
