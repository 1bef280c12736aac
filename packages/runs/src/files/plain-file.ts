import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { kindOf, systemReason } from "@dnc/checkpoint/node";
import { formatValue, visibleLine } from "@dnc/report";
import { RunFolderError } from "../run-folder-error.js";

/** Options of `readPlainFile`. */
export type ReadOptions = {
  /** Beginning of error messages, such as the flag that names the file; default: its path. */
  readonly label?: string | undefined;
  /** Whether bytes that are not UTF-8 are an error; default: false, they are replaced. */
  readonly strict?: boolean | undefined;
  /** Maximum length in bytes; default: 256 MiB. */
  readonly most?: number | undefined;
};

/** Default maximum length, 256 MiB. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Reads a text file: a plain file, or a link to one. Opens nothing else, because reading a pipe may block forever.
 *
 * Skips the byte-order mark of UTF-8.
 *
 * @param path - The file.
 * @param options - Name of the file in errors, maximum length, and treatment of bytes that are not UTF-8.
 * @returns The text.
 * @throws RunFolderError if something else is there, or it cannot be read; the system's error is the cause.
 */
export function readPlainFile(path: string, options: ReadOptions = {}): string {
  const { label, most: maxBytes = MAX_BYTES, strict = false } = options;
  const context: ErrorContext =
    label === undefined ? { label: visibleLine(path), suffix: "" } : { label, suffix: ` (${visibleLine(path)})` };
  return decodeUtf8(readBytes(path, context, maxBytes), context, strict);
}

/** Reads a text file; undefined if it does not exist. */
export function readPlainFileIfPresent(path: string, options: ReadOptions = {}): string | undefined {
  try {
    return readPlainFile(path, options);
  } catch (error) {
    if ((error as { cause?: NodeJS.ErrnoException }).cause?.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @throws RunFolderError if something other than a plain file is there. */
export function checkPlainFileIfPresent(path: string): void {
  const status = statIfPresent(path);
  if (status) checkPlain(status, { label: visibleLine(path), suffix: "" });
}

/** @throws RunFolderError if something other than a folder is there. */
export function checkFolderIfPresent(path: string): void {
  const status = statIfPresent(path);
  if (status && !status.isDirectory())
    throw new RunFolderError(`${visibleLine(path)}: expected a folder, got ${kindOf(status)}`);
}

/** @throws RunFolderError if the status is not available; the system's error is the cause. */
function statIfPresent(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new RunFolderError(`${visibleLine(path)}: cannot be read (${systemReason(cause as Error)})`, { cause });
  }
}

/** Text of an error that names the file: its beginning and its end. */
type ErrorContext = { readonly label: string; readonly suffix: string };

function readBytes(path: string, context: ErrorContext, maxBytes: number): Uint8Array {
  let file: number | undefined;
  try {
    // Before it is opened: opening a pipe may block, and opening a device may have effects.
    checkPlain(statSync(path), context);
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = fstatSync(file);
    checkPlain(status, context);
    if (status.size > maxBytes) throw tooLong(context, maxBytes, status.size);
    return readToEnd(file, status.size, maxBytes, context);
  } catch (cause) {
    if (cause instanceof RunFolderError) throw cause;
    throw new RunFolderError(
      `${context.label}: expected a readable file, got ${formatValue(path)} (${systemReason(cause as Error)})`,
      {
        cause,
      },
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Reads to the end, not to the reported size, which is 0 in /proc and may be outdated for a file that grows. */
function readToEnd(file: number, size: number, maxBytes: number, context: ErrorContext): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.max(65536, size - length + 1));
    const count = readSync(file, chunk);
    if (count === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, count));
    length += count;
    if (length > maxBytes) throw tooLong(context, maxBytes, "more");
  }
}

function tooLong({ label, suffix }: ErrorContext, maxBytes: number, got: number | string): RunFolderError {
  return new RunFolderError(`${label}: expected at most ${maxBytes} bytes, got ${got}${suffix}`);
}

function checkPlain(status: Stats, { label, suffix }: ErrorContext): void {
  if (!status.isFile()) throw new RunFolderError(`${label}: expected a plain file, got ${kindOf(status)}${suffix}`);
}

function decodeUtf8(bytes: Uint8Array, { label, suffix }: ErrorContext, strict: boolean): string {
  if (isUtf16(bytes)) throw new RunFolderError(`${label}: expected UTF-8, got UTF-16${suffix}`);
  try {
    // The default of `ignoreBOM` is false, which removes the byte-order mark.
    return new TextDecoder("utf-8", { fatal: strict }).decode(bytes);
  } catch {
    throw new RunFolderError(`${label}: expected UTF-8, got other bytes${suffix}`);
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
