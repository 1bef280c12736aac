export { formatBytes as size, formatDuration as duration, formatPercentage as percentage } from "@dnc/report";

/** Formats a rate with about three digits. */
export function rate(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(2) : perSecond.toFixed(1)} it/s`;
}

/**
 * Wraps text at spaces and indents all lines but the first.
 *
 * @param width - number of columns; longer words are not broken.
 */
export function wrapped(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = width - (lines.length > 0 ? indent : 0);
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
