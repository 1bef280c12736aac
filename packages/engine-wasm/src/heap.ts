import { type Kernel, MAX_PAGES } from "./kernel.js";

const PAGE = 65536;
const ALIGNMENT = 64;

/** A part of the kernel's memory, in bytes. */
export interface Region {
  readonly start: number;
  readonly size: number;
}

/** Hands out parts of the kernel's memory, which grows as needed and never shrinks. */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  #end: number;
  /** Parts given back, by start; neighbours are joined. */
  #free: Region[] = [];

  constructor({ memory, exports }: Kernel) {
    this.#memory = memory;
    this.#end = aligned(exports.__heap_base.value as number);
  }

  /**
   * @param bytes - how much; may be any number.
   * @throws RangeError if WebAssembly cannot have that much, with the size that was needed.
   */
  take(bytes: number): Region {
    const size = aligned(bytes);
    const index = this.#free.findIndex((region) => region.size >= size);
    if (index >= 0) {
      const [region] = this.#free.splice(index, 1);
      if (region.size > size) this.give({ start: region.start + size, size: region.size - size });
      return { start: region.start, size };
    }
    const start = this.#end;
    this.#growTo(start + size);
    this.#end += size;
    return { start, size };
  }

  /** Gives a part back. */
  give(region: Region): void {
    const regions = [...this.#free, region].sort((a, b) => a.start - b.start);
    this.#free = [];
    for (const next of regions) {
      const last = this.#free.at(-1);
      if (last && last.start + last.size === next.start) {
        this.#free[this.#free.length - 1] = { start: last.start, size: last.size + next.size };
      } else this.#free.push(next);
    }
    const last = this.#free.at(-1);
    if (last && last.start + last.size === this.#end) {
      this.#end = last.start;
      this.#free.pop();
    }
  }

  /**
   * A larger part for a smaller one.
   *
   * @throws RangeError as `take` does; then the smaller one is as it was.
   */
  trade(region: Region, bytes: number): Region {
    const [free, end] = [this.#free, this.#end];
    if (region.size > 0) this.give(region);
    try {
      return this.take(bytes);
    } catch (error) {
      this.#free = free;
      this.#end = end;
      throw error;
    }
  }

  #growTo(bytes: number): void {
    const have = this.#memory.buffer.byteLength;
    if (bytes <= have) return;
    const limit = MAX_PAGES * PAGE;
    const message = `memory: expected at most ${gibibytes(limit)} GiB, the run needs ${gibibytes(bytes)} GiB`;
    if (bytes > limit) throw new RangeError(message);
    try {
      this.#memory.grow(Math.ceil((bytes - have) / PAGE));
    } catch (error) {
      throw new RangeError(`${message}, which this machine does not give`, { cause: error });
    }
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(2);
}
