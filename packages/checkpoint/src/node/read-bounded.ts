import { lstat, open } from "node:fs/promises";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { kindOf } from "./kind.js";

/**
 * Reads a file after a look at what it is: no link is followed, no pipe waited for, nothing over `most` bytes read.
 *
 * @param what - how the message calls it.
 * @throws DamagedCheckpointError if it is not there or cut short; UnreadableCheckpointError if it is no ordinary file, too
 *   long, or the file system does not give it out.
 */
export async function readBounded(path: string, most: number, what: string): Promise<Uint8Array> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw new UnreadableCheckpointError(`${what}: expected a file, got ${kindOf(found)}`);
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size > most) throw new UnreadableCheckpointError(`${what}: expected at most ${most} bytes, got ${size}`);
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
    if (cause instanceof DamagedCheckpointError || cause instanceof UnreadableCheckpointError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new DamagedCheckpointError(`${what}: not there`, { cause });
    throw new UnreadableCheckpointError(`${what}: cannot be read (${message})`, { cause });
  }
}
