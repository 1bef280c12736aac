import { TRACE_DIMENSIONS } from "@dnc/core";
import type { Quantity } from "../trace/trace.js";

/** Dimensions of the quantities that the page knows, outermost first: those of the batch, and those of the network. */
const DIMENSIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    observations: ["time", "batch", "inputSize"],
    target: ["time", "batch", "targetSize"],
    mask: ["time", "batch"],
    output: ["time", "batch", "targetSize"],
    ...TRACE_DIMENSIONS,
  }),
);

/** Quantities without which a memory cannot be shown. */
const OF_MEMORY = ["memory", "usage", "writeWeights", "readWeights"];

/**
 * Checks that the quantities of a trace fit together. Those that the page does not know are left alone.
 *
 * @returns what is wrong, in words; undefined: nothing.
 */
export function problemOfQuantities(quantities: Readonly<Record<string, Quantity>>): string | undefined {
  const known = Object.entries(quantities).filter(([name]) => DIMENSIONS.has(name));
  if (known.length === 0) return "expected quantities of dnc trace, got none of them";
  const missing = OF_MEMORY.filter((name) => !Object.hasOwn(quantities, name));
  if (missing.length > 0 && known.some(([name]) => isOfNetwork(name)))
    return `expected ${OF_MEMORY.join(", ")}, got a trace without ${missing.join(", ")}`;
  const lengths = new Map<string, { readonly length: number; readonly name: string }>();
  for (const [name, { shape }] of known) {
    const problem = problemOfShape(name, shape, lengths);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  const [modes, heads] = [lengths.get("modes")?.length, lengths.get("writeHeads")?.length ?? 1];
  if (modes === undefined || modes === 1 + 2 * heads) return undefined;
  return `readMode: expected ${1 + 2 * heads} modes, since there are ${heads} write heads, got ${modes}`;
}

function isOfNetwork(name: string): boolean {
  return Object.hasOwn(TRACE_DIMENSIONS, name);
}

/** @param lengths - of the dimensions so far, with a quantity that has each; it is added to. */
function problemOfShape(
  name: string,
  shape: readonly number[],
  lengths: Map<string, { readonly length: number; readonly name: string }>,
): string | undefined {
  const dimensions = DIMENSIONS.get(name) as readonly string[];
  if (shape.length !== dimensions.length)
    return `expected the dimensions ${dimensions.join(", ")}, got the shape [${shape.join(", ")}]`;
  for (const [index, dimension] of dimensions.entries()) {
    const length = shape[index] as number;
    const first = lengths.get(dimension) ?? { length, name };
    lengths.set(dimension, first);
    if (first.length !== length)
      return `expected ${dimension} to be ${first.length}, as in ${first.name}, got ${length}`;
  }
  return undefined;
}
