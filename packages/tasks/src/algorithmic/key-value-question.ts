/** Checks and reads questions about pairs of keys and values. */
import { assertArray, assertInteger } from "../checks.js";

/** A pair of numbers; as bits, the lowest bit is first. */
export type KeyValuePair = readonly [key: number, value: number];

/** The pairs in the order in which they are shown. */
export function sortedByKey(pairs: readonly KeyValuePair[]): readonly KeyValuePair[] {
  return [...pairs].sort(([a], [b]) => a - b);
}

/** Throws unless pairs have numbers of these bits and distinct keys. */
export function assertPairs(
  pairs: readonly KeyValuePair[],
  { keyBits, valueBits }: { readonly keyBits: number; readonly valueBits: number },
): void {
  assertArray("pairs", pairs);
  if (pairs.length === 0) throw new RangeError("pairs: expected at least one, got none");
  const keys = new Set<number>();
  pairs.forEach((pair, index) => {
    const name = `pairs[${index}]`;
    assertArray(name, pair);
    if (pair.length !== 2) throw new RangeError(`${name}: expected a key and a value, got ${pair.length} numbers`);
    assertBitsOf(`${name}[0]`, pair[0], keyBits);
    assertBitsOf(`${name}[1]`, pair[1], valueBits);
    if (keys.has(pair[0])) throw new RangeError(`${name}[0]: expected each key once, got ${pair[0]} again`);
    keys.add(pair[0]);
  });
}

/** Throws unless all queries are among these numbers. */
export function assertQueries(
  name: string,
  queries: readonly number[],
  known: readonly number[],
  what: "keys" | "values",
): void {
  assertArray(name, queries);
  if (queries.length === 0) throw new RangeError(`${name}: expected at least one, got none`);
  queries.forEach((query, index) => {
    if (!known.includes(query)) throw new RangeError(`${name}[${index}]: expected one of the ${what}, got ${query}`);
  });
}

/** The number in channels of bits, the lowest bit first; a bit is 1 if its channel is positive. */
export function numberOf(row: readonly number[], first: number, bits: number): number {
  let number = 0;
  for (let bit = bits - 1; bit >= 0; bit--) number = 2 * number + Number((row[first + bit] as number) > 0);
  return number;
}

/** Splits rows at the markers, which belong to no part; what follows the last one is left out. */
export function splitAtMarkers<Row>(
  rows: readonly Row[],
  isMarker: (row: Row) => boolean,
): readonly (readonly Row[])[] {
  const parts: Row[][] = [];
  let part: Row[] = [];
  for (const row of rows) {
    if (!isMarker(row)) part.push(row);
    else {
      parts.push(part);
      part = [];
    }
  }
  return parts;
}

function assertBitsOf(name: string, value: number, bits: number): void {
  assertInteger(name, value, 0, 2 ** bits - 1, `an integer from 0 to ${2 ** bits - 1}`);
}
