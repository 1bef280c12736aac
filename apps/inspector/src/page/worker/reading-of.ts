import type { SequenceView } from "../trace/sequence-view.js";
import type { Quantity } from "../trace/trace.js";

/** How far a sum of probabilities may be from 1. */
const TOLERANCE = 1e-3;

/**
 * Finds out how the outputs of a trace are read, which its file does not say. If at every time step that counts the outputs can be divided
 * into groups of one size that each sum to 1, they are probabilities of symbols, otherwise of bits.
 *
 * @param quantities - of an intact trace.
 */
export function readingOf({
  output,
  mask,
}: Readonly<Record<string, Quantity>>): Pick<SequenceView, "reading" | "groupSizes"> {
  if (!output || !mask) return { reading: "bits" };
  const size = output.shape[2] ?? 1;
  const rows = Array.from(mask.data.keys()).filter((row) => (mask.data[row] as number) > 0);
  const sumOf = (from: number, to: number) => output.data.subarray(from, to).reduce((sum, value) => sum + value, 0);
  const [first = 0] = rows;
  const groups = Math.round(sumOf(first * size, (first + 1) * size));
  const groupSize = size / groups;
  if (rows.length === 0 || !Number.isInteger(groupSize) || groupSize < 2) return { reading: "bits" };
  const areSymbols = rows.every((row) =>
    Array.from({ length: groups }, (_, group) => row * size + group * groupSize).every(
      (from) => Math.abs(sumOf(from, from + groupSize) - 1) < TOLERANCE,
    ),
  );
  return areSymbols
    ? { reading: "symbols", groupSizes: Array.from({ length: groups }, () => groupSize) }
    : { reading: "bits" };
}
