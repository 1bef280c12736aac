import { lstat, open } from "node:fs/promises";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";

/**
 * Reads a file after a look at what it is: no link is followed, no pipe waited for, nothing over `most` bytes read.
 *
 * @param what - how the message calls it.
 * @throws DamagedCheckpointError if it is not there, no ordinary file, too long, or cannot be read.
 */
export async function readBounded(path: string, most: number, what: string): Promise<Uint8Array> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw new DamagedCheckpointError(`${what}: expected a file, got something else`);
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size > most) throw new DamagedCheckpointError(`${what}: expected at most ${most} bytes, got ${size}`);
      const bytes = new Uint8Array(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await file.read(bytes, length, size - length);
        if (bytesRead === 0) throw new DamagedCheckpointError(`${what}: expected ${size} bytes, got ${length}`);
        length += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof DamagedCheckpointError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const text = code === "ENOENT" ? "not there" : `cannot be read (${code ?? message})`;
    throw new DamagedCheckpointError(`${what}: ${text}`, { cause });
  }
}
