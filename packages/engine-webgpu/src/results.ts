import type { TrainStepResult } from "@dnc/core/engine";
import type { Buffers } from "./buffers.js";
import { readBack } from "./read-back.js";
import { UpdateCount } from "./update-count.js";
import { FLAGS, RESULT_SIZE } from "./wgsl/update.js";

const INITIAL_CAPACITY = 256;

/** Results of iterations, on the device until they are read. */
export class Results {
  /** Number of updates, for optimizers that need it. */
  readonly updates = new UpdateCount();
  readonly #device: GPUDevice;
  readonly #buffers: Buffers;
  #capacity = INITIAL_CAPACITY;
  #count = 0;
  #parity = 0;

  constructor(device: GPUDevice, buffers: Buffers) {
    this.#device = device;
    this.#buffers = buffers;
    buffers.ensure({ results: FLAGS + RESULT_SIZE * INITIAL_CAPACITY });
  }

  /**
   * Returns where the next iteration writes its result, which of the two flags it reads (it writes the other one), and the
   * number of updates including this one.
   */
  next(): { slot: number; parity: number; step: number } {
    if (this.#count === this.#capacity) {
      this.#buffers.grow("results", FLAGS + RESULT_SIZE * 2 * this.#capacity);
      this.#capacity *= 2;
    }
    const next = { slot: this.#count, parity: this.#parity, step: this.updates.next() };
    this.#count++;
    this.#parity = 1 - this.#parity;
    return next;
  }

  /** Reads the results since the last call. If one was not applied, clears the flags: later iterations are applied again. */
  async read(isDisposed: () => boolean): Promise<readonly TrainStepResult[]> {
    const count = this.#count;
    this.#count = 0;
    if (count === 0) return [];
    const buffer = this.#buffers.get("results");
    const numbers = await readBack(this.#device, buffer, FLAGS, RESULT_SIZE * count);
    const steps = Array.from({ length: count }, (_, index) => {
      const [loss, globalNorm, exactMatch, applied] = numbers.subarray(RESULT_SIZE * index, RESULT_SIZE * (index + 1));
      return { loss, globalNorm, exactMatch, applied: applied === 1 };
    });
    const mayContinue = this.updates.read(steps.map(({ applied }) => applied));
    if (mayContinue && !isDisposed())
      this.#device.queue.writeBuffer(this.#buffers.get("results"), 0, new Float32Array(FLAGS));
    return steps;
  }
}
