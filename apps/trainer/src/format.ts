/** A span of time for people: `42 s`, `3 min 5 s`, `2 h 14 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A share for people: `12.5%`; only all is 100.0% and only none is 0.0%. */
export function percentage(share: number): string {
  const rounded = (100 * share).toFixed(1);
  if (share < 1 && rounded === "100.0") return "99.9%";
  if (share > 0 && rounded === "0.0") return "0.1%";
  return `${rounded}%`;
}

/** A rate for people: three digits or so. */
export function rate(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(2) : perSecond.toFixed(1)} it/s`;
}

/** A number of bytes for people: `512 bytes`, `14.2 KB`, `3 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, name] = bytes < 1e6 ? [1e3, "KB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${Number((bytes / Number(unit)).toPrecision(3))} ${name}`;
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
