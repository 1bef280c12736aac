import { biasCorrections, type CompleteOptimizerOptions, checkPositive, type OptimizerState } from "@dnc/core/engine";
import type { Buffers } from "./buffers.js";
import { readBack } from "./read-back.js";
import { SETTINGS } from "./wgsl/optimizers.js";

const SETTINGS_SIZE = Object.keys(SETTINGS).length;

/** State and settings of an optimizer on a device. */
export class DeviceOptimizer {
  /** The state as of the last `read`; changes made here take effect with `write`. */
  readonly state: OptimizerState;
  readonly #device: GPUDevice;
  readonly #buffers: Buffers;
  readonly #options: CompleteOptimizerOptions;
  #learningRate: number;

  /** @param size - number of parameters. */
  constructor(device: GPUDevice, buffers: Buffers, options: CompleteOptimizerOptions, size: number) {
    this.#device = device;
    this.#buffers = buffers;
    this.#options = options;
    this.#learningRate = options.learningRate;
    this.state = initialState(options, size);
    const sizes = Object.keys(this.#moments()).map((name) => [name, size]);
    buffers.ensure({ settings: SETTINGS_SIZE, ...Object.fromEntries(sizes) });
  }

  /** Number of updates so far, of the state; 0 for an optimizer that does not need it. */
  get steps(): number {
    return "steps" in this.state ? this.state.steps[0] : 0;
  }

  /**
   * Sets the learning rate of the steps that are enqueued next.
   *
   * @throws TypeError if it is not a number; RangeError if it is not above 0 and finite, as it is and in float32.
   */
  set learningRate(learningRate: number) {
    checkPositive("learningRate", learningRate);
    this.#learningRate = learningRate;
  }

  /** Writes the settings of the step that is submitted next. @param step - number of updates including it. */
  writeSettings(step: number): void {
    const options = this.#options;
    const { first, second } = options.type === "adam" ? biasCorrections(options, step) : { first: 1, second: 1 };
    const numbers = Float32Array.of(this.#learningRate, first, second, step);
    this.#device.queue.writeBuffer(this.#buffers.get("settings"), 0, numbers);
  }

  /** Copies the state to the device. */
  write(): void {
    const { queue } = this.#device;
    for (const [name, numbers] of Object.entries(this.#moments()))
      queue.writeBuffer(this.#buffers.get(name), 0, numbers as Float32Array<ArrayBuffer>);
    queue.writeBuffer(this.#buffers.get("settings"), 4 * SETTINGS.applied, Float32Array.of(this.steps));
  }

  /** Copies the state from the device. */
  async read(): Promise<void> {
    const copies = Object.entries(this.#moments()).map(async ([name, numbers]) => {
      numbers.set(await readBack(this.#device, this.#buffers.get(name), 0, numbers.length));
    });
    const applied = readBack(this.#device, this.#buffers.get("settings"), SETTINGS.applied, 1);
    await Promise.all(copies);
    if ("steps" in this.state) this.state.steps.set(await applied);
    else await applied;
  }

  /** The state's quantities that have one number per parameter, by the names of their buffers. */
  #moments(): Readonly<Record<string, Float32Array>> {
    const { steps: _, ...moments } = this.state as OptimizerState & { readonly steps?: Float32Array };
    return moments as Readonly<Record<string, Float32Array>>;
  }
}

function initialState(options: CompleteOptimizerOptions, size: number): OptimizerState {
  const zeros = () => new Float32Array(size);
  if (options.type === "adam") return { firstMoments: zeros(), secondMoments: zeros(), steps: new Float32Array(1) };
  const meanSquares = zeros().fill(1);
  return options.momentum > 0 ? { meanSquares, momentum: zeros() } : { meanSquares };
}
