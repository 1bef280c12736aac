import { type Kernel, MAX_PAGES } from "./kernel.js";

const PAGE = 65536;
const ALIGNMENT = 64;

/** A block of the kernel's memory, in bytes. */
export interface Region {
  readonly start: number;
  readonly size: number;
}

/** Allocates blocks of the kernel's memory, which grows as needed and never shrinks. */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  #end: number;
  /** Freed blocks by address; adjacent ones are merged. */
  #free: Region[] = [];

  constructor({ memory, exports }: Kernel) {
    this.#memory = memory;
    this.#end = align(exports.__heap_base.value as number);
  }

  /**
   * Allocates a block: the first freed block that is large enough, else new memory.
   *
   * @param bytes - size; rounded up to a multiple of 64.
   * @throws RangeError if WebAssembly cannot address or allocate that much memory; the message includes the size.
   */
  allocate(bytes: number): Region {
    const size = align(bytes);
    const index = this.#free.findIndex((region) => region.size >= size);
    if (index >= 0) {
      const [region] = this.#free.splice(index, 1);
      if (region.size > size) this.free({ start: region.start + size, size: region.size - size });
      return { start: region.start, size };
    }
    const start = this.#end;
    this.#growTo(start + size);
    this.#end += size;
    return { start, size };
  }

  /** Frees a block. */
  free(region: Region): void {
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
   * Frees a block and allocates a larger one, which may overlap it.
   *
   * @param region - block to free; one of size 0 is ignored.
   * @throws RangeError as `allocate` does; then `region` is still allocated.
   */
  reallocate(region: Region, bytes: number): Region {
    const [free, end] = [this.#free, this.#end];
    if (region.size > 0) this.free(region);
    try {
      return this.allocate(bytes);
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

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(2);
}
