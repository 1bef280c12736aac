/** Bytes of a file: from `start` to before `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses the header `Range` of a request. Of several ranges, and of what is no range of bytes, it takes no notice, as RFC 9110 allows.
 *
 * @param header - such as `bytes=100-`.
 * @param size - of the file in bytes.
 * @returns undefined if the whole file is to be sent; `"unsatisfiable"` if the range begins behind its end.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") return atLeastOne({ start: Math.max(0, size - Number(last)), end: size });
  if (last !== "" && Number(last) < Number(first)) return undefined;
  return atLeastOne({ start: Number(first), end: last === "" ? size : Math.min(size, Number(last) + 1) });
}

function atLeastOne(range: ByteRange): ByteRange | "unsatisfiable" {
  return range.start < range.end ? range : "unsatisfiable";
}
