import { visible } from "./visible.js";

/** Prints a sentence on standard error. */
export function warn(sentence: string): void {
  process.stderr.write(`dnc: ${visible(sentence)}\n`);
}
