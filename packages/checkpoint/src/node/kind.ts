/** The status of a path, or an entry of a folder, as Node has them. */
export type FileKind = Record<"isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO" | "isSocket", () => boolean>;

/**
 * Shortens the message of a system error to its reason, without call and path, for messages that name the file already.
 *
 * @param error - of the file system.
 * @returns text such as `EACCES: permission denied`.
 */
export function systemReason({ message }: Error): string {
  return message.replace(/, \w+ '.*'$/s, "");
}

/**
 * Names the kind of a file, for error messages.
 *
 * @param found - status of a path, or an entry of a folder.
 * @returns words such as `a folder` or `a FIFO`.
 */
export function kindOf(found: FileKind): string {
  if (found.isFile()) return "a file";
  if (found.isDirectory()) return "a folder";
  if (found.isSymbolicLink()) return "a link";
  if (found.isFIFO()) return "a FIFO";
  return found.isSocket() ? "a socket" : "a device";
}
