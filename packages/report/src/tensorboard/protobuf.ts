/**
 * The Protocol Buffers encoders that events need. Each returns one field; a message is the concatenation of its fields.
 *
 * Source: "Encoding", https://protobuf.dev/programming-guides/encoding/.
 */

import { concat, utf8 } from "./bytes.js";

/** Encodings of a field's value. */
const WIRE_TYPE = { varint: 0, eightBytes: 1, lengthDelimited: 2, fourBytes: 5 } as const;

/**
 * Encodes an integer in as few bytes as possible, seven bits each, lowest first; the top bit is set if more bytes
 * follow.
 *
 * @param value - an integer from 0 to 2^53.
 * @throws RangeError if `value` is not such an integer.
 */
export function varint(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 2 ** 53)
    throw new RangeError(`value: expected a whole number from 0 to 2^53, got ${value}`);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Encodes a field of type int32, int64 or enum. */
export function integerField(field: number, value: number): Uint8Array {
  return concat([tag(field, WIRE_TYPE.varint), varint(value)]);
}

/** Encodes a field of type double. */
export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat([tag(field, WIRE_TYPE.eightBytes), bytes]);
}

/** Encodes a field of type float. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([tag(field, WIRE_TYPE.fourBytes), bytes]);
}

/** Encodes a field of type bytes. */
export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return concat([tag(field, WIRE_TYPE.lengthDelimited), varint(value.length), value]);
}

/** Encodes a field of type string. */
export function stringField(field: number, value: string): Uint8Array {
  return bytesField(field, utf8(value));
}

/** Encodes a field that is a message, from its encoded fields. */
export function messageField(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, concat(fields));
}

function tag(field: number, wireType: number): Uint8Array {
  return varint(field * 8 + wireType);
}
