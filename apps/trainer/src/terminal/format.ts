export { formatBytes as size, formatDuration as duration, formatPercentage as percentage } from "@dnc/report";

/** A rate for people: three digits or so. */
export function rate(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(2) : perSecond.toFixed(1)} it/s`;
}

/**
 * Text broken at spaces, lines after the first indented.
 *
 * @param width - columns to fill; words longer than that stay whole.
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
