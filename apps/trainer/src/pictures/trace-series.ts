import type { TraceData } from "@dnc/core";
import { checkInteger } from "./checks.js";

/** What happened to one element of the batch: per quantity one list of numbers a step. */
export interface Series {
  /** Steps. */
  readonly time: number;
  /** The sizes of what there is of each step, `[slots, wordSize]` for the memory. */
  readonly shape: readonly number[];
  /** `at(time)[index]`, row-major in `shape`. */
  at(time: number): readonly number[];
}

/**
 * One quantity of a trace for one element of the batch.
 *
 * @param name - a key of `TRACE_DIMENSIONS`.
 * @param rank - how many dimensions there are beside time and batch.
 * @throws TypeError if the trace lacks the quantity; RangeError if `element` is not in the batch, or the shape has another
 *   rank or is not that of the data.
 */
export function seriesOf(trace: TraceData, name: string, rank: number, element: number): Series {
  const quantity = trace?.quantities?.[name];
  if (!quantity) throw new TypeError(`trace: expected the quantity ${name}, got none`);
  const { shape, data } = quantity;
  if (shape.length !== rank + 2) throw new RangeError(`trace.${name}: expected rank ${rank + 2}, got [${shape}]`);
  const [time, batch, ...rest] = shape;
  const size = rest.reduce((product, dimension) => product * dimension, 1);
  if (data.length !== time * batch * size || data.length === 0)
    throw new RangeError(`trace.${name}: expected as many numbers as [${shape}] has, at least 1, got ${data.length}`);
  checkInteger("element", element, 0, batch - 1);
  const at = (step: number) => {
    const begin = (step * batch + element) * size;
    return data.slice(begin, begin + size);
  };
  return { time, shape: rest, at };
}
