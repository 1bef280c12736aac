import { visibleText } from "@dnc/report";

/**
 * Writes to standard output, and waits until everything is written.
 *
 * @throws the error of standard output, unless its reader has closed it.
 */
export function writeStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error && error.code !== "EPIPE") reject(error);
      else resolve();
    });
  });
}

/** Prints a sentence on standard error. */
export function warn(sentence: string): void {
  process.stderr.write(`dnc: ${visibleText(sentence)}\n`);
}
