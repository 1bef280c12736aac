import { checkInteger } from "../checks.js";

/**
 * A trace as plain data, as `serializeTrace` of `@dnc/core` returns it and `dnc trace` writes it; only the fields that
 * are read here.
 */
export type TraceData = {
  /** Quantities by name, such as `memory` or `writeWeights`. */
  readonly quantities: {
    readonly [quantity: string]: {
      /** `[time, batch, ...]`. */
      readonly shape: readonly number[];
      /** Row-major. */
      readonly data: ArrayLike<number>;
    };
  };
};

/** One quantity for one batch element: an array of numbers per time step. */
export interface Series {
  readonly timeSteps: number;
  /** Shape at one time step, such as `[slots, wordSize]` for the memory. */
  readonly shape: readonly number[];
  /** The numbers of a time step, row-major in `shape`. */
  at(step: number): readonly number[];
}

/**
 * Reads one quantity of a trace for one element of the batch.
 *
 * @param name - a key of `quantities`.
 * @param rank - number of dimensions besides time and batch.
 * @throws TypeError if the trace lacks the quantity; RangeError if `element` is not in the batch, or the shape has another
 *   rank or does not fit the data.
 */
export function seriesOf(trace: TraceData, name: string, rank: number, element: number): Series {
  const quantity = trace?.quantities?.[name];
  if (!quantity) throw new TypeError(`trace: expected the quantity ${name}, got none`);
  const { shape, data } = quantity;
  if (shape.length !== rank + 2) throw new RangeError(`trace.${name}: expected rank ${rank + 2}, got [${shape}]`);
  const [timeSteps, batchSize, ...rest] = shape;
  const size = rest.reduce((product, dimension) => product * dimension, 1);
  if (data.length !== timeSteps * batchSize * size || data.length === 0)
    throw new RangeError(`trace.${name}: expected as many numbers as [${shape}] has, at least 1, got ${data.length}`);
  checkInteger("element", element, 0, batchSize - 1);
  const at = (step: number) => {
    const begin = (step * batchSize + element) * size;
    const numbers = new Array<number>(size); // many times as fast as Array.from with a function
    for (let index = 0; index < size; index++) numbers[index] = data[begin + index];
    return numbers;
  };
  return { timeSteps, shape: rest, at };
}

/**
 * Reads one quantity of a trace, like `seriesOf`.
 *
 * @returns the series; undefined if the trace lacks the quantity, or it has no numbers, as of a network without links.
 */
export function seriesIfPresent(trace: TraceData, name: string, rank: number, element: number): Series | undefined {
  const quantity = trace?.quantities?.[name];
  return quantity === undefined || quantity.data.length === 0 ? undefined : seriesOf(trace, name, rank, element);
}

/** Arranges a series as a matrix with a row per number of a time step and a column per time step. */
export function overTime({ timeSteps, shape, at }: Series): number[][] {
  const steps = Array.from({ length: timeSteps }, (_, step) => at(step));
  const rows = shape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: rows }, (_, row) => steps.map((numbers) => numbers[row]));
}
