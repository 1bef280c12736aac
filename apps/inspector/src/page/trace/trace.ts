/** A trace as the page holds it: `dnc-trace` of `@dnc/core`, in typed arrays. */
import { type HeadEvent, type MemoryUse, memoryUse } from "@dnc/report";

/** One quantity over time, row-major; the first dimension is time. */
export interface Quantity {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Quantities by name, as `TRACE_DIMENSIONS` of `@dnc/core` has them, and those of the batch. */
export interface Trace {
  readonly quantities: Readonly<Record<string, Quantity>>;
}

/** One sequence of a trace. */
export class SequenceTrace {
  readonly timeSteps: number;
  /** 0 if the network has no memory. */
  readonly slots: number;
  readonly wordSize: number;
  readonly readHeads: number;
  readonly writeHeads: number;
  readonly #trace: Trace;
  readonly #sequence: number;
  readonly #ranges = new Map<string, readonly [number, number]>();
  #use: MemoryUse | undefined;

  /** @param sequence - index of the sequence in the batch. */
  constructor(trace: Trace, sequence = 0) {
    this.#trace = trace;
    this.#sequence = sequence;
    const [any] = Object.values(trace.quantities);
    this.timeSteps = any?.shape[0] ?? 0;
    [this.slots = 0, this.wordSize = 0] = this.shape("memory");
    [this.readHeads = 0] = this.shape("readWeights");
    [this.writeHeads = 0] = this.shape("writeWeights");
  }

  /** Whether the trace has a quantity. */
  has(name: string): boolean {
    return Object.hasOwn(this.#trace.quantities, name);
  }

  /** The shape of a quantity at one time step; empty if the trace does not have it. */
  shape(name: string): readonly number[] {
    return this.#trace.quantities[name]?.shape.slice(2) ?? [];
  }

  /**
   * The numbers of a quantity at one time step, which are not copied.
   *
   * @param row - index in the first dimension, such as that of a head; default: all.
   */
  at(name: string, step: number, row?: number): Float32Array {
    const quantity = this.#trace.quantities[name];
    if (!quantity) return new Float32Array(0);
    const [, batchSize = 1, ...shape] = quantity.shape;
    const size = product(shape);
    const start = (step * batchSize + this.#sequence) * size;
    if (row === undefined) return quantity.data.subarray(start, start + size);
    const rowSize = size / (shape[0] ?? 1);
    return quantity.data.subarray(start + row * rowSize, start + (row + 1) * rowSize);
  }

  /** Where the heads write and read, and what is freed, as the report shows it; undefined if the network has no memory. */
  get use(): MemoryUse | undefined {
    if (this.slots === 0) return undefined;
    this.#use ??= memoryUse(this.#trace, { element: this.#sequence });
    return this.#use;
  }

  /** What a read head reads of a slot at a time step; undefined: next to nothing. */
  readEvent(step: number, head: number, slot: number): HeadEvent | undefined {
    const use = this.use?.heads[this.writeHeads + head];
    return use?.events.find((event) => event.step === step && event.slot === slot);
  }

  /** The smallest and largest number of a quantity over all steps; both 0 if it has none. */
  range(name: string): readonly [low: number, high: number] {
    const known = this.#ranges.get(name);
    if (known) return known;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let step = 0; step < this.timeSteps; step++)
      for (const value of this.at(name, step)) {
        if (!Number.isFinite(value)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    const range = low <= high ? ([low, high] as const) : ([0, 0] as const);
    this.#ranges.set(name, range);
    return range;
  }
}

/** The index of the largest number, the first of several; -1 if there is none. What is not a number does not count. */
export function largest(values: ArrayLike<number>): number {
  let found = -1;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isNaN(value) && (found < 0 || value > (values[found] as number))) found = index;
  }
  return found;
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}
