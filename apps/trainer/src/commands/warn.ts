/** Says a sentence on standard error. */
export function warn(sentence: string): void {
  process.stderr.write(`dnc: ${sentence}\n`);
}
