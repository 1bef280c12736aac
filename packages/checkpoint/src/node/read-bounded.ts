import { lstat, open } from "node:fs/promises";
import { DamagedCheckpointError } from "../damaged-checkpoint-error.js";
import { UnreadableCheckpointError } from "../unreadable-checkpoint-error.js";
import { kindOf, systemReason } from "./kind.js";

/**
 * Reads a plain file of limited size, without following links or waiting for pipes.
 *
 * @param maxBytes - maximum length of the file.
 * @param label - the file's name in error messages.
 * @throws DamagedCheckpointError if the file is missing or truncated; UnreadableCheckpointError if it is not a plain
 *   file, too long, or the file system refuses access.
 */
export async function readBounded(path: string, maxBytes: number, label: string): Promise<Uint8Array> {
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw new UnreadableCheckpointError(`${label}: expected a file, got ${kindOf(found)}`);
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      if (size > maxBytes)
        throw new UnreadableCheckpointError(`${label}: expected at most ${maxBytes} bytes, got ${size}`);
      const bytes = new Uint8Array(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await file.read(bytes, length, size - length);
        if (bytesRead === 0) throw new DamagedCheckpointError(`${label}: expected ${size} bytes, got ${length}`);
        length += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof DamagedCheckpointError || cause instanceof UnreadableCheckpointError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new DamagedCheckpointError(`${label}: not there`, { cause });
    throw new UnreadableCheckpointError(`${label}: cannot be read (${systemReason(cause as Error)})`, { cause });
  }
}
