import { visibleText } from "@dnc/report";

/** Prints a sentence on standard error. */
export function warn(sentence: string): void {
  process.stderr.write(`dnc: ${visibleText(sentence)}\n`);
}
