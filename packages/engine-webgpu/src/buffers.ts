const MIN_BYTES = 16;

/** Named buffers of a device, which grow as needed. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #buffers = new Map<string, GPUBuffer>();
  #generation = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Counter that changes whenever a buffer is created or replaced, which makes existing bind groups invalid. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Makes buffers at least as large as requested. A buffer that must grow loses its contents.
   *
   * @param sizes - number of 4-byte elements, by name.
   * @throws RangeError if a size exceeds the device's limit; then nothing has changed.
   */
  ensure(sizes: Readonly<Record<string, number>>): void {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#device.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    for (const [name, size] of Object.entries(sizes))
      if (4 * size > limit)
        throw new RangeError(
          `memory: expected at most ${mebibytes(limit)} MiB for ${name}, the run needs ${mebibytes(4 * size)} MiB`,
        );
    for (const [name, size] of Object.entries(sizes)) {
      const bytes = Math.max(MIN_BYTES, 4 * size);
      const has = this.#buffers.get(name);
      if (has && has.size >= bytes) continue;
      has?.destroy();
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      this.#buffers.set(name, this.#device.createBuffer({ label: name, size: bytes, usage }));
      this.#generation++;
    }
  }

  /**
   * Makes a buffer larger and copies its contents.
   *
   * @throws RangeError as `ensure` does.
   */
  grow(name: string, size: number): void {
    const old = this.get(name);
    this.#buffers.delete(name);
    try {
      this.ensure({ [name]: size });
    } catch (error) {
      this.#buffers.set(name, old);
      throw error;
    }
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(old, 0, this.get(name), 0, old.size);
    this.#device.queue.submit([encoder.finish()]);
    old.destroy();
  }

  /** Returns a buffer. @throws Error if there is none of this name. */
  get(name: string): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (!buffer) throw new Error(`buffer: expected one that exists, got ${name}`);
    return buffer;
  }

  /** Destroys all buffers. */
  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
