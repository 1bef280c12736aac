import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { kindOf, systemReason } from "@dnc/checkpoint/node";
import { formatValue, visibleLine } from "@dnc/report";
import { RunFolderError } from "../run-folder-error.js";

/** How a file is read. */
export type ReadOptions = {
  /** Beginning of error messages, such as the flag that names the file; default: its path. */
  readonly label?: string | undefined;
  /** Whether bytes that are not UTF-8 are refused; default: false, they are replaced. */
  readonly strict?: boolean | undefined;
  /** Maximum length in bytes; default: 256 MiB. */
  readonly most?: number | undefined;
};

/** Default maximum: nobody writes so much by hand. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * Reads a text file: a plain file, or a link to one. Nothing else is opened, because a pipe may never end.
 *
 * A byte-order mark of UTF-8 is skipped.
 *
 * @param path - Of the file.
 * @param options - How errors name it, and what is refused.
 * @returns The text.
 * @throws RunFolderError saying what is there instead, or why it cannot be read; the error of the system is its cause.
 */
export function readPlainFile(path: string, options: ReadOptions = {}): string {
  const { label, most = MOST_BYTES, strict = false } = options;
  const place: Place =
    label === undefined ? { label: visibleLine(path), after: "" } : { label, after: ` (${visibleLine(path)})` };
  return decoded(readBytes(path, place, most), place, strict);
}

/** Reads a text file; undefined if it does not exist. */
export function readPlainFileIfThere(path: string, options: ReadOptions = {}): string | undefined {
  try {
    return readPlainFile(path, options);
  } catch (error) {
    if ((error as { cause?: NodeJS.ErrnoException }).cause?.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @throws RunFolderError if something other than a plain file is there. */
export function checkPlainFileIfThere(path: string): void {
  const found = statIfThere(path);
  if (found) checkPlain(found, { label: visibleLine(path), after: "" });
}

/** @throws RunFolderError if something other than a folder is there. */
export function checkFolderIfThere(path: string): void {
  const found = statIfThere(path);
  if (found && !found.isDirectory())
    throw new RunFolderError(`${visibleLine(path)}: expected a folder, got ${kindOf(found)}`);
}

/** @throws RunFolderError if the status is not available; the system's error is the cause. */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new RunFolderError(`${visibleLine(path)}: cannot be read (${systemReason(cause as Error)})`, { cause });
  }
}

/** How an error names the file: before what was expected, and after what it got. */
type Place = { readonly label: string; readonly after: string };

function readBytes(path: string, place: Place, most: number): Uint8Array {
  let file: number | undefined;
  try {
    // Before it is opened: opening alone may block, or start a device.
    checkPlain(statSync(path), place);
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(file);
    checkPlain(found, place);
    if (found.size > most) throw tooLong(place, most, found.size);
    return readWhole(file, found.size, most, place);
  } catch (cause) {
    if (cause instanceof RunFolderError) throw cause;
    throw new RunFolderError(
      `${place.label}: expected a readable file, got ${formatValue(path)} (${systemReason(cause as Error)})`,
      {
        cause,
      },
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Reads to the end, not to the size: files of the system (/proc) have none, and others grow. */
function readWhole(file: number, size: number, most: number, place: Place): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.max(65536, size - length + 1));
    const count = readSync(file, chunk);
    if (count === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (length > most) throw tooLong(place, most, "more");
  }
}

function tooLong({ label, after }: Place, most: number, got: number | string): RunFolderError {
  return new RunFolderError(`${label}: expected at most ${most} bytes, got ${got}${after}`);
}

function checkPlain(found: Stats, { label, after }: Place): void {
  if (!found.isFile()) throw new RunFolderError(`${label}: expected a plain file, got ${kindOf(found)}${after}`);
}

function decoded(bytes: Uint8Array, { label, after }: Place, strict: boolean): string {
  if (isUtf16(bytes)) throw new RunFolderError(`${label}: expected UTF-8, got UTF-16${after}`);
  try {
    // Without `ignoreBOM` it is the mark that is ignored.
    return new TextDecoder("utf-8", { fatal: strict }).decode(bytes);
  } catch {
    throw new RunFolderError(`${label}: expected UTF-8, got other bytes${after}`);
  }
}

/** Whether bytes are UTF-16: by the byte-order mark, or because every second byte of the first characters is 0. */
function isUtf16([first, second, third, fourth]: Uint8Array): boolean {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if (first === undefined || second === undefined) return false;
  return (
    (first === 0 && second !== 0 && third === 0) || (first !== 0 && second === 0 && third !== 0 && (fourth ?? 0) === 0)
  );
}
