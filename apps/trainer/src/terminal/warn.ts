import { visible } from "./visible.js";

/** Says a sentence on standard error. */
export function warn(sentence: string): void {
  process.stderr.write(`dnc: ${visible(sentence)}\n`);
}
