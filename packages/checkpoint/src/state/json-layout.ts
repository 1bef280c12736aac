import { MAX_DEPTH } from "./plain-json.js";

const [NEWLINE, SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [0x0a, 0x20, 0x22, 0x2c, 0x3a, 0x5c];

/**
 * Finds the first line that does not have the layout of `JSON.stringify` with two spaces and a final newline. The bytes
 * need not be JSON: this runs before parsing and bounds the nesting and the length of the document.
 *
 * @returns the line's number, or undefined if the layout is right.
 */
export function misplacedLine(bytes: Uint8Array): number | undefined {
  let [line, depth, before] = [1, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1];
    if (byte === NEWLINE) {
      if (at === bytes.length - 1) return depth === 0 ? undefined : line;
      line++;
      const text = afterSpaces(bytes, at + 1);
      const closes = isCloser(bytes[text]);
      if (text - at - 1 !== 2 * (closes ? depth - 1 : depth)) return line;
      if (!closes && !isOpener(before) && before !== COMMA) return line;
      at = text - 1;
    } else if (byte === QUOTE) {
      at = stringEnd(bytes, at);
    } else if (isOpener(byte)) {
      depth++;
      if (depth > MAX_DEPTH || (next !== NEWLINE && !isCloser(next))) return line;
    } else if (isCloser(byte)) {
      depth--;
      if (!isOpener(before) && before !== NEWLINE) return line;
    } else if (byte === COMMA ? next !== NEWLINE : byte === COLON ? next !== SPACE : byte <= SPACE) {
      if (byte !== SPACE || before !== COLON) return line;
    }
    before = byte;
  }
  return line;
}

/** Longest number that is read, in characters. */
const MAX_NUMBER = 32;

/**
 * Finds the number under a top-level key of a JSON document of any layout. Nothing is parsed or allocated, so arbitrary
 * bytes are safe.
 *
 * @param key - without characters that JSON escapes.
 * @returns undefined if the key is missing or its value is not a number.
 */
export function topLevelNumber(bytes: Uint8Array, key: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (isOpener(byte)) depth++;
    else if (isCloser(byte)) depth--;
    else if (byte === QUOTE) {
      const end = stringEnd(bytes, at);
      if (depth === 1 && latin1(bytes.subarray(at + 1, Math.min(end, at + 2 + key.length))) === key) {
        const [, number] =
          /^\s*:\s*(\d[\d.eE+]*)\s*[,}\s]/.exec(latin1(bytes.subarray(end + 1, end + 1 + MAX_NUMBER))) ?? [];
        if (number !== undefined) return Number(number);
      }
      at = end;
    }
  }
  return undefined;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function isOpener(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b;
}

function isCloser(byte: number | undefined): boolean {
  return byte === 0x7d || byte === 0x5d;
}

function afterSpaces(bytes: Uint8Array, begin: number): number {
  let at = begin;
  while (bytes[at] === SPACE) at++;
  return at;
}

/** Finds the index of a string's closing quote, or the end of the bytes. */
function stringEnd(bytes: Uint8Array, begin: number): number {
  let at = begin + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
