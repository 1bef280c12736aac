/**
 * Writes to standard output, whole.
 *
 * @throws the error of a standard output that takes no more; not that of one whose reader has left.
 */
export function written(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error && error.code !== "EPIPE") reject(error);
      else resolve();
    });
  });
}
