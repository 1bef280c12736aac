import { styleText } from "node:util";
import type { Output } from "./reporter.js";

/** Styles of texts on a terminal; each returns its text as it is where there is no colour. */
export interface Style {
  /** Whether the styles change anything. Where they do not, signs have to say what colours say. */
  readonly hasColor: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  /** Marks a value; visible without telling colours apart. */
  readonly mark: (text: string) => string;
}

const same = (text: string) => text;

/** No styles. */
export const PLAIN: Style = { hasColor: false, bold: same, dim: same, good: same, bad: same, mark: same };

/** Styles with colours. */
export const COLORED: Style = {
  hasColor: true,
  bold: styling("bold"),
  dim: styling("dim"),
  good: styling("green"),
  bad: styling("red"),
  mark: styling(["red", "inverse"]),
};

/**
 * Picks the styles for an output. NO_COLOR turns colours off, FORCE_COLOR on (0 and false: off); otherwise a terminal has
 * them unless TERM or Node says that it has none.
 *
 * @param environment - default: that of this process.
 */
export function styleFor(
  output: Output,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Style {
  return hasColor(output, environment) ? COLORED : PLAIN;
}

function hasColor(output: Output, environment: Readonly<Record<string, string | undefined>>): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (output.isTTY !== true || TERM === "dumb") return false;
  // Some releases of Node take an empty NO_COLOR for a set one.
  return (output.getColorDepth?.({ ...environment, NO_COLOR: undefined }) ?? 4) > 1;
}

function styling(format: Parameters<typeof styleText>[0]): (text: string) => string {
  return (text) => (text === "" ? "" : styleText(format, text, { validateStream: false }));
}
