import { duration, rate } from "./format.js";
import type { Progress } from "./reporter.js";
import { PLAIN, type Style } from "./style.js";
import { ASCII, type Symbols } from "./symbols.js";

const MIN_BAR = 6;
const MAX_BAR = 30;
const GAP = "  ";

/**
 * Formats the live line: a bar that fills the available space, then the position, the rate and the remaining time.
 *
 * @param width - most columns of the line.
 * @param look - styles and signs; default: those of a terminal that has neither colours nor Unicode.
 */
export function statusLine(
  { step, totalSteps, secondsLeft }: Progress,
  width: number,
  { style, symbols }: { readonly style: Style; readonly symbols: Symbols } = { style: PLAIN, symbols: ASCII },
): string {
  // The rate that the remaining time assumes, so that both agree.
  const perSecond = (totalSteps - step) / secondsLeft;
  const numbers = [
    `${step}/${totalSteps}`,
    ...(Number.isFinite(perSecond) ? [rate(perSecond), `${duration(secondsLeft)} left`] : []),
  ].join(GAP);
  const barWidth = Math.min(MAX_BAR, width - numbers.length - GAP.length);
  if (barWidth < MIN_BAR) return numbers.slice(0, Math.max(0, width));
  const filled = Math.floor((barWidth * step) / totalSteps);
  const bar = style.good(symbols.done.repeat(filled)) + style.dim(symbols.left.repeat(barWidth - filled));
  return `${bar}${GAP}${numbers}`;
}
