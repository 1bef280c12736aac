import { mapState, UNROLL_STATE, type UnrollState } from "@dnc/core/engine";
import { carrySections } from "./layout.js";
import type { Network } from "./network.js";
import { readBack } from "./read-back.js";
import type { Dims } from "./sizes.js";
import { SECTIONS } from "./state-sections.js";

/** The state that a trainer carries from batch to batch, in a buffer of its own: one tensor after the other. */
export class CarriedState {
  readonly #device: GPUDevice;
  readonly #network: Network;
  readonly #widths: UnrollState<number>;
  #batchSize: number | undefined;

  constructor(device: GPUDevice, network: Network) {
    this.#device = device;
    this.#network = network;
    this.#widths = stateWidths(network.generated.dims);
  }

  /** Number of sequences; undefined if there is no state: the next batch starts from the zero state. */
  get batchSize(): number | undefined {
    return this.#batchSize;
  }

  /** Makes the next batch start from the zero state. */
  reset(): void {
    this.#batchSize = undefined;
  }

  /** Records copies of the state, or of zeros, to the network's initial state. Call it after `Network.prepare`. */
  restore(encoder: GPUCommandEncoder): void {
    const { batchSize } = this.#network.shape;
    if (this.#batchSize === undefined) this.#network.buffers.ensure({ carried: batchSize * this.#width });
    const carried = this.#network.buffers.get("carried");
    for (const { name, offset, bytes } of this.#parts(batchSize)) {
      const to = this.#network.statePlace(SECTIONS[name], "initial");
      if (this.#batchSize === undefined) encoder.clearBuffer(to.buffer, to.offset, bytes);
      else encoder.copyBufferToBuffer(carried, offset, to.buffer, to.offset, bytes);
    }
    // No gradient arrives from the next batch.
    encoder.clearBuffer(this.#network.buffers.get("carry"));
  }

  /** Records copies of the network's final state. */
  save(encoder: GPUCommandEncoder): void {
    const { batchSize } = this.#network.shape;
    for (const { name, offset, bytes } of this.#parts(batchSize)) {
      const from = this.#network.statePlace(SECTIONS[name], "final");
      encoder.copyBufferToBuffer(from.buffer, from.offset, this.#network.buffers.get("carried"), offset, bytes);
    }
    this.#batchSize = batchSize;
  }

  /** Reads the state; undefined if there is none. */
  async read(): Promise<UnrollState<Float32Array> | undefined> {
    const batchSize = this.#batchSize;
    if (batchSize === undefined) return undefined;
    const numbers = await readBack(this.#device, this.#network.buffers.get("carried"), 0, batchSize * this.#width);
    const parts = this.#parts(batchSize);
    return mapState((name) => {
      const part = parts.find((other) => other.name === name);
      return part ? numbers.slice(part.offset / 4, (part.offset + part.bytes) / 4) : new Float32Array(0);
    });
  }

  /**
   * Copies a state to the device.
   *
   * @throws RangeError if the length of an array does not fit.
   */
  write(state: UnrollState<Float32Array>): void {
    const measure = this.#widths.memory > 0 ? "memory" : "hidden";
    const sequences = state[measure].length / this.#widths[measure];
    for (const name of UNROLL_STATE)
      if (!(Number.isInteger(sequences) && sequences > 0) || state[name].length !== sequences * this.#widths[name])
        throw new RangeError(
          `carriedState.${name}: expected ${this.#widths[name]} numbers per sequence, got ${state[name].length}`,
        );
    this.#network.buffers.ensure({ carried: sequences * this.#width });
    for (const { name, offset } of this.#parts(sequences))
      this.#device.queue.writeBuffer(
        this.#network.buffers.get("carried"),
        offset,
        state[name] as Float32Array<ArrayBuffer>,
      );
    this.#batchSize = sequences;
  }

  get #width(): number {
    return UNROLL_STATE.reduce((sum, name) => sum + this.#widths[name], 0);
  }

  /** Lists the tensors that are not empty, with their places in bytes. */
  #parts(batchSize: number) {
    let end = 0;
    return UNROLL_STATE.map((name) => {
      const bytes = 4 * batchSize * this.#widths[name];
      end += bytes;
      return { name, offset: end - bytes, bytes };
    }).filter(({ bytes }) => bytes > 0);
  }
}

/** Numbers per sequence of each tensor of a state; the hidden units of a controller without a past are none. */
function stateWidths(dims: Dims): UnrollState<number> {
  const sections = carrySections(dims);
  return mapState((name) => (name === "hidden" && !dims.recurrent ? 0 : sections[SECTIONS[name]]));
}
