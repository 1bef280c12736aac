import { visibleText } from "@dnc/report";
import { PLAIN, type Style } from "./style.js";

export {
  formatBytes as size,
  formatDuration as duration,
  formatPercentage as percentage,
  formatRate as rate,
} from "@dnc/report";

/**
 * Formats lines of a label and a text, with all labels as wide as the widest, and with control characters escaped.
 *
 * @param style - styles of the labels; default: none.
 */
export function labelled(facts: readonly (readonly [label: string, text: string])[], style: Style = PLAIN): string[] {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, text]) => `${style.dim(visibleText(label.padEnd(width)))}  ${visibleText(text)}`);
}

/**
 * Wraps text at spaces and indents all lines but the first.
 *
 * @param width - number of columns; longer words are not broken.
 * @param indent - number of spaces.
 */
export function wrapped(text: string, width: number, indent: number): string {
  const [first, ...words] = text.split(" ");
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length > width - (lines.length > 1 ? indent : 0)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
