import { formatValue } from "../format-value.js";
import { hasLoneSurrogate } from "../names.js";
import { SafetensorsError } from "./safetensors-error.js";

/** Position in a header; `tensor` is the one whose entry is being read, for messages. */
export type Cursor = { readonly bytes: Uint8Array; at: number; tensor?: string | undefined };

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const [SPACE, QUOTE, COMMA, BACKSLASH, ZERO, NINE] = [0x20, 0x22, 0x2c, 0x5c, 0x30, 0x39];
/** Maximum number of characters of an invalid number in an error message. */
const MAX_TOKEN = 24;

/** Creates an error about the cursor's position. */
export function fault(cursor: Cursor, text: string): SafetensorsError {
  const place = cursor.tensor === undefined ? "header" : `tensor ${formatValue(cursor.tensor)}`;
  return new SafetensorsError(`${place}: ${text}`);
}

/**
 * Reads an object, member by member.
 *
 * @param readMember - reads the value of a key, from the cursor on.
 */
export function readObject(cursor: Cursor, readMember: (key: string) => void): void {
  readByte(cursor, "{");
  if (isNext(cursor, "}")) return;
  do {
    const key = readString(cursor);
    readByte(cursor, ":");
    readMember(key);
  } while (another(cursor, "}"));
}

/** Reads an array of plain non-negative integers. */
export function readCounts(cursor: Cursor, what: string): number[] {
  readByte(cursor, "[");
  const counts: number[] = [];
  if (isNext(cursor, "]")) return counts;
  do counts.push(readCount(cursor, what));
  while (another(cursor, "]"));
  return counts;
}

/** Reads a string. */
export function readString(cursor: Cursor): string {
  readByte(cursor, '"');
  const { bytes } = cursor;
  const begin = cursor.at;
  let escaped = false;
  for (; bytes[cursor.at] !== QUOTE; cursor.at++) {
    const byte = bytes[cursor.at];
    if (byte === undefined) throw fault(cursor, `expected the string from byte ${begin} to end, got no more bytes`);
    if (byte < SPACE)
      throw fault(cursor, `expected no control character in a string, got byte ${byte} at ${cursor.at}`);
    if (byte === BACKSLASH) {
      escaped = true;
      cursor.at++;
    }
  }
  const raw = decoded(cursor, begin, cursor.at);
  cursor.at++;
  return escaped ? unescaped(cursor, raw, begin) : raw;
}

/** Skips white space. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    cursor.at++;
  }
}

/** Skips one character that must come next, after white space. */
function readByte(cursor: Cursor, character: string): void {
  if (!isNext(cursor, character))
    throw fault(cursor, `expected ${character} at byte ${cursor.at}, got ${next(cursor)}`);
}

/** Skips a character if it comes next, after white space. */
function isNext(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== character.charCodeAt(0)) return false;
  cursor.at++;
  return true;
}

/** Whether a comma comes next, and so another member; otherwise the end must come next. */
function another(cursor: Cursor, end: string): boolean {
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== COMMA) {
    if (isNext(cursor, end)) return false;
    throw fault(cursor, `expected , or ${end} at byte ${cursor.at}, got ${next(cursor)}`);
  }
  cursor.at++;
  return true;
}

function readCount(cursor: Cursor, what: string): number {
  skipSpace(cursor);
  const begin = cursor.at;
  let value = 0;
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined || byte < ZERO || byte > NINE) break;
    value = 10 * value + (byte - ZERO);
    if (value > Number.MAX_SAFE_INTEGER) throw notCount(cursor, what, begin);
    cursor.at++;
  }
  const digits = cursor.at - begin;
  const ends = [",", "]", " ", "\n", "\r", "\t"].includes(String.fromCharCode(cursor.bytes[cursor.at] ?? 0));
  if (digits === 0 || !ends || (digits > 1 && cursor.bytes[begin] === ZERO)) throw notCount(cursor, what, begin);
  return value;
}

function notCount(cursor: Cursor, what: string, begin: number): SafetensorsError {
  const [token = ""] = String.fromCharCode(...cursor.bytes.subarray(begin, begin + MAX_TOKEN)).split(/[,\]}\s]/);
  return fault(cursor, `${what}: expected integers from 0 to 2^53 - 1 in plain digits, got ${formatValue(token)}`);
}

function decoded(cursor: Cursor, begin: number, end: number): string {
  try {
    return DECODER.decode(cursor.bytes.subarray(begin, end));
  } catch {
    throw fault(cursor, `expected UTF-8 in the string from byte ${begin}, got other bytes`);
  }
}

/** Parses a string token. `JSON.parse` gets this token alone, so nothing in it can nest or repeat. */
function unescaped(cursor: Cursor, raw: string, begin: number): string {
  let text: string;
  try {
    text = JSON.parse(`"${raw}"`);
  } catch {
    throw fault(cursor, `expected JSON's escapes in the string from byte ${begin}, got others`);
  }
  if (hasLoneSurrogate(text))
    throw fault(cursor, `expected whole characters in the string from byte ${begin}, got half a surrogate pair`);
  return text;
}

function next(cursor: Cursor): string {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) return "the header's end";
  return byte < 0x80 ? formatValue(String.fromCharCode(byte)) : `byte ${byte}`;
}
