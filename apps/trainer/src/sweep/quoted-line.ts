import { visibleLine } from "@dnc/report";

/** Most characters of a text of others in a sentence. */
const MAX_QUOTED = 300;

/** Returns the first line of what a job, a server or a file says, for a sentence: a terminal obeys nothing of it. */
export function quotedLine(text: string): string {
  return visibleLine(text.trim().split("\n", 1)[0]?.trim() ?? "").slice(0, MAX_QUOTED);
}

/** Returns the last line, where programs say why they failed. */
export function lastLine(text: string): string {
  return quotedLine(text.trim().split("\n").at(-1) ?? "");
}
