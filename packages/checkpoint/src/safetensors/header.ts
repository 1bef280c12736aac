import { formatValue } from "../format-value.js";
import { isRefusedName } from "../names.js";
import { DTYPE_BYTES, type Dtype } from "./dtype.js";
import { type Cursor, fault, readCounts, readObject, readString } from "./scanner.js";

/** A tensor's entry in a header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** First byte and byte after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** A parsed header. */
export interface Header {
  /** By name, in the order of the header. */
  readonly entries: ReadonlyMap<string, HeaderEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The one key of a header that is not a tensor's name. */
export const METADATA = "__metadata__";

/**
 * Parses a header by the fixed grammar of the format. `JSON.parse` would accept repeated keys, numbers that round and any
 * depth of nesting; this grammar has a fixed depth and accepts nothing else.
 *
 * @param bytes - the header, with its padding.
 * @throws SafetensorsError at the first byte that does not fit.
 */
export function readHeader(bytes: Uint8Array): Header {
  const cursor: Cursor = { bytes, at: 0 };
  if (bytes[0] !== 0x7b) throw fault(cursor, "expected { as the first byte, got another");
  const entries = new Map<string, HeaderEntry>();
  let metadata: Map<string, string> | undefined;
  readObject(cursor, (key) => {
    if (isRefusedName(key)) throw fault(cursor, `expected other tensor names than ${formatValue(key)}`);
    if (key !== METADATA) {
      if (entries.has(key)) throw fault(cursor, `expected each tensor once, got ${formatValue(key)} twice`);
      entries.set(key, readEntry(cursor, key));
    } else {
      if (metadata) throw fault(cursor, `expected ${METADATA} once, got it twice`);
      metadata = readMetadata(cursor);
    }
  });
  for (const padding = cursor.at; cursor.at < bytes.length; cursor.at++)
    if (bytes[cursor.at] !== 0x20)
      throw fault(cursor, `expected only spaces after the object that ends at byte ${padding}, got others`);
  return { entries, metadata: metadata ?? new Map() };
}

function readMetadata(cursor: Cursor): Map<string, string> {
  const metadata = new Map<string, string>();
  readObject(cursor, (key) => {
    if (isRefusedName(key)) throw fault(cursor, `${METADATA}: expected other keys than ${formatValue(key)}`);
    if (metadata.has(key)) throw fault(cursor, `${METADATA}: expected each key once, got ${formatValue(key)} twice`);
    metadata.set(key, readString(cursor));
  });
  return metadata;
}

function readEntry(cursor: Cursor, name: string): HeaderEntry {
  cursor.tensor = name;
  let dtype: Dtype | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  readObject(cursor, (key) => {
    if (key === "dtype" && !dtype) dtype = readDtype(cursor);
    else if (key === "shape" && !shape) shape = readCounts(cursor, "shape");
    else if (key === "data_offsets" && !offsets) offsets = readCounts(cursor, "data_offsets");
    else throw fault(cursor, `expected dtype, shape and data_offsets, each once, got ${formatValue(key)} too`);
  });
  if (!dtype || !shape || !offsets) throw fault(cursor, "expected dtype, shape and data_offsets, got not all of them");
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2)
    throw fault(cursor, `data_offsets: expected 2 integers, got ${offsets.length}`);
  cursor.tensor = undefined;
  return { name, dtype, shape, begin, end };
}

function readDtype(cursor: Cursor): Dtype {
  const dtype = readString(cursor);
  if (DTYPE_BYTES.has(dtype)) return dtype as Dtype;
  throw fault(cursor, `dtype: expected one of ${[...DTYPE_BYTES.keys()].join(", ")}, got ${formatValue(dtype)}`);
}
