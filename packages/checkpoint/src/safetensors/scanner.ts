import { hasLoneSurrogate } from "../names.js";
import { shown } from "../shown.js";
import { SafetensorsError } from "./safetensors-error.js";

/** Where a header is being read; `tensor` is the one whose entry that is, for messages. */
export type Cursor = { readonly bytes: Uint8Array; at: number; tensor?: string | undefined };

const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const [SPACE, QUOTE, COMMA, BACKSLASH, ZERO, NINE] = [0x20, 0x22, 0x2c, 0x5c, 0x30, 0x39];
/** How much of what is not a number a message shows. */
const MAX_TOKEN = 24;

/** An error about the place where the cursor is. */
export function fault(cursor: Cursor, text: string): SafetensorsError {
  const place = cursor.tensor === undefined ? "header" : `tensor ${shown(cursor.tensor)}`;
  return new SafetensorsError(`${place}: ${text}`);
}

/**
 * Reads an object, one member after the other.
 *
 * @param readMember - reads the value of a key; the cursor stands before it.
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

/** Steps over white space. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    cursor.at++;
  }
}

/** Steps over one character that must come next, after white space. */
function readByte(cursor: Cursor, character: string): void {
  if (!isNext(cursor, character))
    throw fault(cursor, `expected ${character} at byte ${cursor.at}, got ${next(cursor)}`);
}

/** Steps over a character if it comes next, after white space. */
function isNext(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== character.charCodeAt(0)) return false;
  cursor.at++;
  return true;
}

/** Whether a comma and so another member comes next; if not, the end must. */
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
  return fault(cursor, `${what}: expected integers from 0 to 2^53 - 1 in plain digits, got ${shown(token)}`);
}

function decoded(cursor: Cursor, begin: number, end: number): string {
  try {
    return DECODER.decode(cursor.bytes.subarray(begin, end));
  } catch {
    throw fault(cursor, `expected UTF-8 in the string from byte ${begin}, got other bytes`);
  }
}

/** JSON.parse sees one string token here, so there is nothing in it to nest or to repeat. */
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
  return byte < 0x80 ? shown(String.fromCharCode(byte)) : `byte ${byte}`;
}
