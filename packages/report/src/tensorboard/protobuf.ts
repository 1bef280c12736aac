/**
 * The few encoders of Protocol Buffers that events need: each returns one field, a message is its fields in a row.
 *
 * Source: "Encoding", https://protobuf.dev/programming-guides/encoding/.
 */

import { concat, utf8 } from "./bytes.js";

/** How a field's value is laid out. */
const WIRE_TYPE = { varint: 0, eightBytes: 1, lengthDelimited: 2, fourBytes: 5 } as const;

/**
 * A whole number in as few bytes as it takes, seven bits each, lowest first; the top bit says that more follow.
 *
 * @param value - a whole number from 0 to 2^53.
 * @throws RangeError if `value` is none.
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

/** A field of type int32, int64 or enum. */
export function integerField(field: number, value: number): Uint8Array {
  return concat([tag(field, WIRE_TYPE.varint), varint(value)]);
}

/** A field of type double. */
export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat([tag(field, WIRE_TYPE.eightBytes), bytes]);
}

/** A field of type float. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([tag(field, WIRE_TYPE.fourBytes), bytes]);
}

/** A field of type bytes. */
export function bytesField(field: number, value: Uint8Array): Uint8Array {
  return concat([tag(field, WIRE_TYPE.lengthDelimited), varint(value.length), value]);
}

/** A field of type string. */
export function stringField(field: number, value: string): Uint8Array {
  return bytesField(field, utf8(value));
}

/** A field that is a message: its own fields in a row. */
export function messageField(field: number, fields: readonly Uint8Array[]): Uint8Array {
  return bytesField(field, concat(fields));
}

function tag(field: number, wireType: number): Uint8Array {
  return varint(field * 8 + wireType);
}
